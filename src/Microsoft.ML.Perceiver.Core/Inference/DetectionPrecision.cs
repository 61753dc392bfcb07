namespace Microsoft.ML.Perceiver;

/// <summary>
/// Mean average precision as COCO defines it (T.-Y. Lin et al. 2014): of each label, the mean over 101 recalls from 0 to 1 of the highest
/// precision at that recall or a higher one; and the mean of that over the labels that there are objects of.
/// </summary>
/// <param name="labels">The number of labels.</param>
internal sealed class DetectionPrecision(int labels)
{
    /// <summary>The most boxes of an image that count, as in COCO.</summary>
    internal const int MostBoxes = 100;

    private const int Recalls = 101, Thresholds = 10;
    private readonly List<(float Score, int Image, Box Box)>[] _found = CreateLists<(float, int, Box)>(labels);
    private readonly List<(int Image, Box Box)>[] _objects = CreateLists<(int, Box)>(labels);

    /// <summary>The images so far.</summary>
    internal int Images { get; private set; }

    /// <summary>Adds an image.</summary>
    /// <param name="found">What was found, in any order.</param>
    /// <param name="objects">What there is.</param>
    internal void Add(IReadOnlyList<DetectedBox> found, IReadOnlyList<(int Label, Box Box)> objects)
    {
        foreach (var box in found.OrderByDescending(b => b.Score).Take(MostBoxes))
            _found[box.Label].Add((box.Score, Images, box.Box));
        foreach (var (label, box) in objects)
            _objects[label].Add((Images, box));
        Images++;
    }

    /// <summary>The mean over labels where a box needs this overlap to count as right; NaN where there are no objects.</summary>
    internal double MeanAt(double overlap) =>
        Enumerable.Range(0, labels).Where(label => _objects[label].Count > 0).Select(label => At(label, overlap))
            .DefaultIfEmpty(double.NaN).Average();

    /// <summary>The mean of <see cref="MeanAt"/> over the overlaps 0.5, 0.55, ... 0.95.</summary>
    internal double MeanOfAll() => Enumerable.Range(0, Thresholds).Average(i => MeanAt(0.5 + 0.05 * i));

    /// <summary>The average precision of a label; NaN where there are no objects of it.</summary>
    internal double At(int label, double overlap)
    {
        var objects = _objects[label].GroupBy(o => o.Image).ToDictionary(g => g.Key, g => g.Select(o => o.Box).ToArray());
        int count = _objects[label].Count;
        if (count == 0)
            return double.NaN;
        var isTaken = objects.ToDictionary(o => o.Key, o => new bool[o.Value.Length]);
        bool[] isRight =
        [
            .. _found[label].OrderByDescending(f => f.Score)
                .Select(f => objects.TryGetValue(f.Image, out var boxes) && Take(f.Box, boxes, isTaken[f.Image], overlap)),
        ];
        return AreaOf(isRight, count);
    }

    // The object with the largest overlap that no more probable box has taken.
    private static bool Take(Box box, Box[] objects, bool[] isTaken, double overlap)
    {
        int best = -1;
        double largest = overlap;
        for (int i = 0; i < objects.Length; i++)
        {
            double shared = box.Overlap(objects[i]);
            if (!isTaken[i] && shared >= largest)
                (best, largest) = (i, shared);
        }

        if (best >= 0)
            isTaken[best] = true;
        return best >= 0;
    }

    private static double AreaOf(bool[] isRight, int objects)
    {
        double[] precisions = new double[isRight.Length], recalls = new double[isRight.Length];
        int right = 0;
        for (int i = 0; i < isRight.Length; i++)
        {
            right += isRight[i] ? 1 : 0;
            (precisions[i], recalls[i]) = ((double)right / (i + 1), (double)right / objects);
        }

        for (int i = isRight.Length - 2; i >= 0; i--)
            precisions[i] = Math.Max(precisions[i], precisions[i + 1]);
        double sum = 0;
        int next = 0;
        for (int i = 0; i < Recalls; i++)
        {
            while (next < recalls.Length && recalls[next] < i / (Recalls - 1.0))
                next++;
            sum += next < precisions.Length ? precisions[next] : 0;
        }

        return sum / Recalls;
    }

    private static List<T>[] CreateLists<T>(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<T>())];
}
