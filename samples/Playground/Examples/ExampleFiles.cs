using System.Runtime.InteropServices;
using VideoAutoencoder;

namespace Playground;

/// <summary>
/// The examples' images and audio, which lie beside the program. They are read once at the start, each under its own address, so that no
/// request names a file.
/// </summary>
internal static class ExampleFiles
{
    private static readonly string Folder = AppContext.BaseDirectory;

    /// <summary>Gives each file its address.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    public static void Map(IEndpointRouteBuilder routes)
    {
        var images = ImageExamples.All.Concat(FlowExamples.All).Concat(VideoExamples.All).SelectMany(example => example.Images);
        foreach (string address in images)
            StaticPage.Map(routes, address, File.ReadAllBytes(Path.Combine(Folder, address)));
        string film = Path.Combine(Folder, "examples", "video", "audio.wav");
        foreach (int first in VideoExamples.Beginnings)
            StaticPage.Map(routes, VideoExamples.AudioOf(first), AudioFrom(film, first));
    }

    private static byte[] AudioFrom(string film, int first)
    {
        const int PerFrame = VideoExamples.SamplesPerFrame;
        float[] samples = WavFile.Read(film).Samples;
        var window = samples.AsSpan((first - 1) * PerFrame, VideoExamples.Frames * PerFrame);
        return MemoryMarshal.AsBytes(window).ToArray();
    }
}
