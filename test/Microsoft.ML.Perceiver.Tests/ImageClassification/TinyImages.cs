using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.ImageClassification;

/// <summary>Small image models and images.</summary>
internal static class TinyImages
{
    internal const int Side = 16;

    /// <summary>A checkpoint of random weights for images of 16 x 16.</summary>
    internal static PerceiverConfig Config(string head = "ConvProcessing", params string[] labels) =>
        (TinyModels.Config with
        {
            InitializerRange = 0.2,
            ImageSize = Side,
            NumCrossAttentionHeads = 1,
            Architectures = ["PerceiverForImageClassification" + head],
        }).WithLabels(labels.Length == 0 ? ["cat", "dog", "ü"] : labels);

    internal static PerceiverCheckpoint Checkpoint(string head = "ConvProcessing", params string[] labels) =>
        PerceiverCheckpoint.FromConfig(Config(head, labels), 3);

    /// <summary>A file of the test's own images.</summary>
    internal static string File(string name) => Path.Combine(AppContext.BaseDirectory, "Images", name);

    /// <summary>An image with stripes, upright in those of the first class and level in those of the second, of random colours.</summary>
    internal static byte[] Stripes(Random random, bool upright, int side = Side)
    {
        byte[] planes = new byte[3 * side * side];
        int phase = random.Next(4);
        int[] bright = [random.Next(120, 255), random.Next(120, 255), random.Next(120, 255)];
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < side; y++)
            {
                for (int x = 0; x < side; x++)
                    planes[(c * side + y) * side + x] = (byte)(((upright ? x : y) + phase) / 2 % 2 == 0 ? bright[c] : random.Next(60));
            }
        }

        return planes;
    }

    /// <summary>Rows of images as vectors, with a class, a number and two labels.</summary>
    internal static PixelRow[] Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            byte[] planes = Stripes(random, i % 2 == 0);
            return new PixelRow
            {
                Bytes = planes,
                Pixels = Array.ConvertAll(planes, b => (float)b),
                Label = i % 2 == 0 ? "upright" : "level",
                Number = i % 2,
                Both = [i % 2, 1 - i % 2],
                Id = i,
            };
        })];
    }

    internal sealed class PixelRow
    {
        [VectorType(3 * Side * Side)]
        public float[] Pixels { get; set; } = [];

        [VectorType(3 * Side * Side)]
        public byte[] Bytes { get; set; } = [];

        public string Label { get; set; } = "";

        public float Number { get; set; }

        [VectorType(2)]
        public float[] Both { get; set; } = [];

        public int Id { get; set; }
    }

    internal sealed class PathRow
    {
        public string Path { get; set; } = "";

        public int Id { get; set; }
    }
}
