using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.PerformanceTests;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Images;

/// <summary>Photographs of many sizes: those of the repository, random parts of them, and made ones of extreme shapes.</summary>
internal static class TestPhotographs
{
    private const int Made = 100, LongestSide = 400;

    /// <summary>The repository's own photographs, whole.</summary>
    internal static IReadOnlyList<PerceiverImage> Whole { get; } = [.. Files().Select(Read)];

    /// <summary>Parts of photographs of random height and width, of which some are grey, some noise, and some very long.</summary>
    internal static IReadOnlyList<PerceiverImage> Random(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Made).Select(i => i switch
        {
            0 => Noise(random, 1, 1),
            1 => Noise(random, 1, 700),
            2 => Noise(random, 700, 1),
            3 => Noise(random, 7, 900),
            _ when i % 10 == 4 => Noise(random, random.Next(1, 120), random.Next(1, 120)),
            _ => Part(random, Whole[random.Next(Whole.Count)], isGrey: i % 10 == 5),
        })];
    }

    /// <summary>An image as the input of a graph, uint8 [1, height, width, 3].</summary>
    internal static Tensor ToTensor(this PerceiverImage image)
    {
        Assert.AreEqual(3, image.Channels);
        Assert.AreEqual(PerceiverImageLayout.ChannelsLast, image.Layout);
        Assert.IsFalse(image.BlueFirst);
        return tensor(image.Pixels.ToArray(), 1, image.Height, image.Width, 3);
    }

    private static IEnumerable<string> Files()
    {
        string[] folders = [RepositoryData.PathOf("samples", "OpticalFlow", "Data", "photographs"),
            RepositoryData.PathOf("samples", "ImageClassification", "Data", "clothing-64", "test", "dress")];
        return folders.SelectMany(folder => Directory.GetFiles(folder).Order(StringComparer.Ordinal).Take(12))
            .Where(file => Path.GetExtension(file) is ".jpg" or ".png");
    }

    private static PerceiverImage Read(string file)
    {
        using var image = MLImage.CreateFromFile(file);
        var read = image.ToPerceiverImage();
        byte[] colours = new byte[read.Height * read.Width * 3];
        for (int i = 0; i < colours.Length; i++)
        {
            int channel = read.Channels == 1 ? 0 : read.BlueFirst ? 2 - i % 3 : i % 3;
            colours[i] = read.Pixels.Span[i / 3 * read.Channels + channel];
        }

        return new PerceiverImage(read.Height, read.Width, 3, colours);
    }

    private static PerceiverImage Part(Random random, PerceiverImage whole, bool isGrey)
    {
        int height = random.Next(1, Math.Min(whole.Height, LongestSide) + 1);
        int width = random.Next(1, Math.Min(whole.Width, LongestSide) + 1);
        int top = random.Next(whole.Height - height + 1), left = random.Next(whole.Width - width + 1);
        byte[] part = new byte[height * width * 3];
        for (int y = 0; y < height; y++)
            whole.Pixels.Span.Slice(((top + y) * whole.Width + left) * 3, width * 3).CopyTo(part.AsSpan(y * width * 3));
        for (int i = 0; isGrey && i < part.Length; i++)
            part[i] = part[i / 3 * 3];
        return new PerceiverImage(height, width, 3, part);
    }

    private static PerceiverImage Noise(Random random, int height, int width)
    {
        byte[] bytes = new byte[height * width * 3];
        random.NextBytes(bytes);
        return new PerceiverImage(height, width, 3, bytes);
    }
}
