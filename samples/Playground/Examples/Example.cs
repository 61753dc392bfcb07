namespace Playground;

/// <summary>An input that the page offers.</summary>
/// <param name="Name">What it is called on the page.</param>
internal sealed record Example(string Name)
{
    /// <summary>The text to fill or to classify; null for images.</summary>
    public string? Text { get; init; }

    /// <summary>Addresses of the images, in their order.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The address of a clip's audio: float32 samples, little endian.</summary>
    public string? Audio { get; init; }

    /// <summary>Frames a second of a clip.</summary>
    public int? Rate { get; init; }

    /// <summary>The right result: a label or the full text; null where there is none to compare with.</summary>
    public string? Truth { get; init; }

    /// <summary>Whether the model is expected to be unsure of it.</summary>
    public bool Unsure { get; init; }
}
