using System.Runtime.InteropServices;
using SkiaSharp;

namespace VideoClassification;

/// <summary>
/// Makes films of photographs, as folders of numbered JPEG files: SPLIT/LABEL/FILM/FRAME.jpg. The same number of films are the same films.
/// </summary>
/// <param name="photographs">A folder with photographs of the splits, SPLIT/.../NAME.jpg.</param>
internal sealed class FilmMaker(string photographs)
{
    /// <summary>The frames of a film.</summary>
    internal const int Frames = 10;

    /// <summary>Height and width of a frame in pixels.</summary>
    internal const int Side = 48;

    private const int Quality = 90;

    // Of a film: its brightness, and by how much that changes from frame to frame; and the camera's noise, in steps of a colour.
    private const double LeastGain = 0.6, MostGain = 1.2, Flicker = 0.04, Noise = 6;

    /// <summary>Makes the films of a split, as many of each motion.</summary>
    /// <param name="split">The split's name; the films show its photographs alone.</param>
    /// <param name="films">How many films.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="folder">The folder for the splits.</param>
    internal void Make(string split, int films, int seed, string folder)
    {
        string source = Path.Combine(photographs, split);
        if (!Directory.Exists(source))
            throw new DirectoryNotFoundException($"There is no folder '{source}' with photographs.");
        PhotographPlane[] all = [.. Directory.GetFiles(source, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .AsParallel().AsOrdered().Select(PhotographPlane.Read)];
        string[] names = CameraMotion.Names;
        // Each has a seed of its own, so that the number of threads makes no difference.
        Parallel.For(0, films, i =>
        {
            var random = new Random(unchecked(seed * 1_000_003 + i));
            string name = names[i % names.Length];
            byte[][] frames = Film(all[random.Next(all.Length)], CameraMotion.Draw(name, random), random);
            string film = Path.Combine(folder, split, name, $"{i / names.Length:d5}");
            Directory.CreateDirectory(film);
            for (int frame = 0; frame < frames.Length; frame++)
                File.WriteAllBytes(Path.Combine(film, $"{frame + 1}.jpg"), frames[frame]);
        });
    }

    /// <summary>The frames of a film, as JPEG files.</summary>
    internal static byte[][] Film(PhotographPlane photograph, CameraMotion motion, Random random)
    {
        double gain = LeastGain + (MostGain - LeastGain) * random.NextDouble();
        return [.. motion.Views(Frames).Select(view =>
        {
            double now = gain * (1 + Flicker * (2 * random.NextDouble() - 1));
            return Encoded([.. photograph.See(view, Side).Select(colour => now * colour + Noise * (2 * random.NextDouble() - 1))]);
        })];
    }

    private static byte[] Encoded(double[] colours)
    {
        byte[] pixels = new byte[4 * Side * Side];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = i % 4 == 3 ? byte.MaxValue : (byte)Math.Clamp(colours[i / 4 * 3 + i % 4], 0, byte.MaxValue);
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        Marshal.Copy(pixels, 0, bitmap.GetPixels(), pixels.Length);
        using var data = bitmap.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }
}
