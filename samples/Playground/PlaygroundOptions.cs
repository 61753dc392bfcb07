namespace Playground;

/// <summary>Settings of the playground.</summary>
public sealed record PlaygroundOptions
{
    /// <summary>The port on the loopback address; 0 for any free one.</summary>
    public int Port { get; init; } = 5280;

    /// <summary>A folder with models in folders of their names, preferred to the bundled ones; null for none.</summary>
    public string? Models { get; init; }

    /// <summary>The file of a text classifier; null for none.</summary>
    public string? TextRunner { get; init; }

    /// <summary>The largest upload in megabytes.</summary>
    public int MaxUploadMegabytes { get; init; } = 20;

    /// <summary>The largest image in megapixels, whatever the size of its file.</summary>
    public int MaxMegapixels { get; init; } = 40;

    internal int MaxUploadBytes => MaxUploadMegabytes * 1_000_000;

    /// <summary>Says what is out of range.</summary>
    /// <exception cref="ArgumentException">A number is out of range, or a path leads nowhere.</exception>
    public void Validate()
    {
        if (Port is < 0 or > 65535)
            throw new ArgumentOutOfRangeException(nameof(Port), Port, "A port is from 0 to 65535.");
        if (MaxUploadMegabytes is < 1 or > 1000)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxUploadMegabytes), MaxUploadMegabytes, "The largest upload is from 1 to 1000 megabytes.");
        }
        if (MaxMegapixels is < 1 or > 400)
            throw new ArgumentOutOfRangeException(nameof(MaxMegapixels), MaxMegapixels, "The largest image is from 1 to 400 megapixels.");
        if (Models is not null && !Directory.Exists(Models))
            throw new ArgumentException($"There is no folder '{Models}'.", nameof(Models));
        if (TextRunner is not null && !File.Exists(TextRunner))
            throw new ArgumentException($"There is no model '{TextRunner}'.", nameof(TextRunner));
    }
}
