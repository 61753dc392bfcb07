using SkiaSharp;

namespace ObjectDetection;

/// <summary>A garment cut out of a photograph: its pixels in its own bounding box, and how much of each is the garment.</summary>
/// <param name="Label">What it is.</param>
/// <param name="Width">The width in pixels.</param>
/// <param name="Height">The height in pixels.</param>
/// <param name="Pixels">Red, green, blue and opacity of each pixel, row by row.</param>
internal sealed record CutOut(string Label, int Width, int Height, byte[] Pixels)
{
    private const int Colours = 4, Rounds = 8, Ring = 3;

    // Of the photograph; what is smaller or larger is no garment, but a part of one or the ground with it.
    private const double LeastArea = 0.15, MostArea = 0.75, MostOfBorder = 0.2, LeastFill = 0.45;

    // The outline's length in roots of the area: 4 of a square, 7 of trousers; of what is frayed it is longer.
    private const double LongestOutline = 8;

    /// <summary>
    /// Cuts a garment out: the ground is what has the colours of the border and is joined to it. Null where that leaves nothing that looks
    /// like one garment, as with patterned ground.
    /// </summary>
    /// <param name="label">What the photograph shows.</param>
    /// <param name="photograph">The photograph.</param>
    public static CutOut? Of(string label, SKBitmap photograph)
    {
        int width = photograph.Width, height = photograph.Height;
        float[][] pixels = [.. photograph.Pixels.Select(p => new float[] { p.Red, p.Green, p.Blue })];
        int[] border = [.. Enumerable.Range(0, pixels.Length).Where(i => IsBorder(i, width, height, Ring))];
        float[][] ground = Clusters([.. border.Select(i => pixels[i])]);
        double[] distances = [.. pixels.Select(p => Math.Sqrt(ground.Min(c => Distance(p, c))))];
        double threshold = Math.Clamp(Otsu(distances), 18, 80);
        bool[] isGround = Flood(border.Where(i => distances[i] < threshold), i => distances[i] < threshold, width, height);
        bool[] isGarment = Largest(Smooth([.. isGround.Select(g => !g)], width, height), width, height);
        return Crop(label, photograph, isGarment);
    }

    private static CutOut? Crop(string label, SKBitmap photograph, bool[] isGarment)
    {
        int width = photograph.Width, height = photograph.Height;
        int[] inside = [.. Enumerable.Range(0, isGarment.Length).Where(i => isGarment[i])];
        double share = (double)inside.Length / isGarment.Length;
        if (share is < LeastArea or > MostArea)
            return null;
        int[] edge = [.. Enumerable.Range(0, isGarment.Length).Where(i => IsBorder(i, width, height, 1))];
        if (edge.Count(i => isGarment[i]) > MostOfBorder * edge.Length)
            return null;
        int left = inside.Min(i => i % width), right = inside.Max(i => i % width) + 1;
        int top = inside.Min(i => i / width), bottom = inside.Max(i => i / width) + 1;
        if (inside.Length < LeastFill * (right - left) * (bottom - top))
            return null;
        if (OutlineOf(isGarment, width) > LongestOutline * Math.Sqrt(inside.Length))
            return null;
        byte[] cut = new byte[4 * (right - left) * (bottom - top)];
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                var colour = photograph.GetPixel(x, y);
                byte opacity = isGarment[y * width + x] ? byte.MaxValue : (byte)0;
                byte[] values = [colour.Red, colour.Green, colour.Blue, opacity];
                values.CopyTo(cut, 4 * ((y - top) * (right - left) + x - left));
            }
        }

        return new CutOut(label, right - left, bottom - top, cut);
    }

    private static bool IsBorder(int index, int width, int height, int ring)
    {
        int x = index % width, y = index / width;
        return x < ring || y < ring || x >= width - ring || y >= height - ring;
    }

    // k-means, from the pixels at equal places of their order by brightness.
    private static float[][] Clusters(float[][] pixels)
    {
        float[][] ordered = [.. pixels.OrderBy(p => p.Sum())];
        float[][] centres = [.. Enumerable.Range(0, Colours).Select(i => ordered[(2 * i + 1) * ordered.Length / (2 * Colours)])];
        for (int round = 0; round < Rounds; round++)
        {
            var groups = pixels.GroupBy(p => Enumerable.Range(0, Colours).MinBy(c => Distance(p, centres[c]))).ToArray();
            foreach (var group in groups)
                centres[group.Key] = [.. Enumerable.Range(0, 3).Select(i => group.Average(p => p[i]))];
        }

        return centres;
    }

    private static float Distance(float[] a, float[] b) => a.Zip(b, (x, y) => (x - y) * (x - y)).Sum();

    // The threshold between two groups of numbers that lies where their variance between the groups is the largest.
    private static double Otsu(double[] values)
    {
        double[] ordered = [.. values.Order()];
        double total = ordered.Sum(), sum = 0, best = 0, threshold = ordered[^1];
        for (int i = 1; i < ordered.Length; i++)
        {
            sum += ordered[i - 1];
            double low = sum / i, high = (total - sum) / (ordered.Length - i);
            double between = (double)i * (ordered.Length - i) * (high - low) * (high - low);
            if (between > best)
                (best, threshold) = (between, (ordered[i - 1] + ordered[i]) / 2);
        }

        return threshold;
    }

    private static bool[] Flood(IEnumerable<int> starts, Predicate<int> isOpen, int width, int height)
    {
        bool[] seen = new bool[width * height];
        var waiting = new Stack<int>(starts);
        while (waiting.TryPop(out int index))
        {
            if (seen[index] || !isOpen(index))
                continue;
            seen[index] = true;
            int x = index % width, y = index / width;
            if (x > 0)
                waiting.Push(index - 1);
            if (x < width - 1)
                waiting.Push(index + 1);
            if (y > 0)
                waiting.Push(index - width);
            if (y < height - 1)
                waiting.Push(index + width);
        }

        return seen;
    }

    // What most of a pixel and its eight neighbours are.
    private static bool[] Smooth(bool[] isInside, int width, int height)
    {
        bool[] smooth = new bool[isInside.Length];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int inside = 0, all = 0;
                for (int v = Math.Max(0, y - 1); v <= Math.Min(height - 1, y + 1); v++)
                {
                    for (int u = Math.Max(0, x - 1); u <= Math.Min(width - 1, x + 1); u++, all++)
                        inside += isInside[v * width + u] ? 1 : 0;
                }

                smooth[y * width + x] = 2 * inside > all;
            }
        }

        return smooth;
    }

    // The sides of pixels between what is inside and what is not; the photograph's edge is none.
    private static int OutlineOf(bool[] isInside, int width)
    {
        int sides = 0;
        for (int i = 0; i < isInside.Length; i++)
        {
            if (i % width > 0 && isInside[i] != isInside[i - 1])
                sides++;
            if (i >= width && isInside[i] != isInside[i - width])
                sides++;
        }

        return sides;
    }

    private static bool[] Largest(bool[] isInside, int width, int height)
    {
        bool[] rest = [.. isInside], largest = new bool[isInside.Length];
        for (int i = 0; i < rest.Length; i++)
        {
            if (!rest[i])
                continue;
            bool[] part = Flood([i], j => rest[j], width, height);
            for (int j = 0; j < rest.Length; j++)
                rest[j] &= !part[j];
            if (part.Count(p => p) > largest.Count(p => p))
                largest = part;
        }

        return largest;
    }
}
