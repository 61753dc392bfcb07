namespace BatchScore.Inputs;

/// <summary>A file whose rows are scored, as it was when the plan was made.</summary>
/// <param name="Name">Its path as the command named or found it; the outputs say it of each row.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Ticks">When it was last written, in ticks of UTC.</param>
/// <param name="Rows">How many rows it has.</param>
internal sealed record InputFile(string Name, string Path, long Length, long Ticks, long Rows)
{
    /// <summary>A file as it is now, its rows not counted.</summary>
    /// <param name="name">The path as it is shown.</param>
    /// <param name="path">The full path.</param>
    public static InputFile Of(string name, string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new FileNotFoundException($"The input '{name}' is not there.", path);
        return new InputFile(name, path, info.Length, info.LastWriteTimeUtc.Ticks, Rows: 0);
    }

    /// <summary>What is different in the file as it is now; null where nothing is.</summary>
    /// <param name="now">The file as it is now.</param>
    public string? DifferenceFrom(InputFile now)
    {
        if (Path != now.Path)
            return $"'{now.Path}' stands where '{Path}' stood";
        if (Length != now.Length)
            return $"'{Name}' has {now.Length} bytes and had {Length}";
        return Ticks == now.Ticks
            ? null
            : $"'{Name}' was written at {new DateTime(now.Ticks):u} and before at {new DateTime(Ticks):u}";
    }

    /// <summary>Throws where the file is not the one that the plan was made of.</summary>
    /// <exception cref="InvalidOperationException">It has changed.</exception>
    public void CheckUnchanged()
    {
        if (DifferenceFrom(Of(Name, Path)) is { } difference)
            throw new InvalidOperationException($"An input has changed since the plan was made: {difference}. Take another --out.");
    }
}
