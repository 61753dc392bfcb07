namespace Cluster.Serving;

/// <summary>
/// Models in a folder, as TASK/VERSION.mlnet. TASK/current names the version that a silo serves when it starts. All silos may share one
/// folder, or each has a copy.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class ModelStore(string folder)
{
    private const string Extension = ".mlnet", Pointer = "current";

    /// <summary>The file of a version.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="version">The version's name.</param>
    /// <exception cref="ArgumentException">It is no name of a version.</exception>
    public string PathOf(string task, string version)
    {
        CheckName(version);
        return Path.Combine(folder, task, version + Extension);
    }

    /// <summary>The version that is served by a silo that starts.</summary>
    /// <param name="task">The task's name.</param>
    /// <exception cref="IOException">There is none.</exception>
    public string Current(string task)
    {
        string pointer = Path.Combine(folder, task, Pointer);
        if (!File.Exists(pointer))
            throw new FileNotFoundException($"There is no '{pointer}', which names the version of the model that is served.");
        string version = File.ReadAllText(pointer).Trim();
        CheckName(version);
        return version;
    }

    /// <summary>Changes the version that is served by a silo that starts.</summary>
    /// <param name="task">The task's name.</param>
    /// <param name="version">The version's name.</param>
    public void SetCurrent(string task, string version)
    {
        CheckName(version);
        Directory.CreateDirectory(Path.Combine(folder, task));
        string pointer = Path.Combine(folder, task, Pointer);
        // Another silo that reads it at this moment sees the one or the other, whole.
        string unfinished = $"{pointer}.{Guid.NewGuid():n}";
        File.WriteAllText(unfinished, version + "\n");
        File.Move(unfinished, pointer, overwrite: true);
    }

    // A name that comes over the network must lead to no other folder.
    private static void CheckName(string version)
    {
        bool isName = version.Length is > 0 and <= 64 && version[0] != '.'
            && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
        if (!isName)
        {
            throw new ArgumentException(
                $"'{version}' is no name of a version: 1 to 64 letters, digits, '.', '-' and '_', of which '.' is not the first.");
        }
    }
}
