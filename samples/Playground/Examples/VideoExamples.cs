namespace Playground;

/// <summary>Windows of the film in samples/VideoAutoencoder that the bundled model was not trained on.</summary>
internal static class VideoExamples
{
    /// <summary>The film's numbers: frames a second, frames of a window, and samples of a frame.</summary>
    public const int Rate = 25, Frames = 16, SamplesPerFrame = 640;

    public static IReadOnlyList<Example> All { get; } =
    [
        Of("On the bridge", 65, "shot 2"),
        Of("In the hall", 385, "shot 6"),
        Of("By the window", 545, "shot 6"),
    ];

    /// <summary>Where the audio of the window that begins at a frame is found.</summary>
    public static string AudioOf(int first) => $"examples/video/{first:d4}.f32";

    /// <summary>The first frame of each window, counted from 1.</summary>
    public static IEnumerable<int> Beginnings => [65, 385, 545];

    private static Example Of(string name, int first, string shot) => new(name)
    {
        Images = [.. Enumerable.Range(first, Frames).Select(frame => $"examples/video/{frame:d4}.jpg")],
        Audio = AudioOf(first),
        Rate = Rate,
        Truth = shot,
    };
}
