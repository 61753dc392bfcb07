using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Transforms.Image;
using SkiaSharp;

namespace ObjectDetection;

/// <summary>
/// What could be done without a detector: the bundled classifier of clothes looks at windows of a scene, and of those that overlap the
/// surest one stays. It was trained on whole photographs, and has no label for a window without clothes.
/// </summary>
internal static class SlidingWindow
{
    private const int Stride = 8, Input = 64;
    private const float MostOverlap = 0.3f;
    private static readonly int[] Sizes = [24, 34];

    /// <summary>Average precision on scenes.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="scenes">The scenes.</param>
    public static PerceiverObjectDetectionMetrics Evaluate(MLContext mlContext, IReadOnlyList<Scene> scenes)
    {
        SKRect[] windows = [.. Windows(scenes[0].Side)];
        var views = mlContext.Data.LoadFromEnumerable(scenes.SelectMany(scene => Cut(scene, windows)));
        using var model = mlContext.Transforms.PerceiverImageClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(mlContext.Data.LoadFromEnumerable(Array.Empty<View>()));
        var scored = mlContext.Data.Cache(model.Transform(views), "PredictedLabel", "Score");
        var labels = scored.GetColumn<string>("PredictedLabel").Chunk(windows.Length);
        var scores = scored.GetColumn<float[]>("Score").Select(s => s.Max()).Chunk(windows.Length);
        string[] known = [.. scenes.SelectMany(s => s.Labels).Distinct().Order(StringComparer.Ordinal)];
        var rows = scenes.Zip(labels, scores).Select(s => RowOf(s.First, windows, s.Second, s.Third, known)).ToArray();
        var view = mlContext.Data.LoadFromEnumerable(rows);
        // Both columns get the same keys.
        var names = mlContext.Data.LoadFromEnumerable(known.Select(name => new { Name = name }));
        var keys = mlContext.Transforms.Conversion.MapValueToKey(
            [new InputOutputColumnPair("Label"), new InputOutputColumnPair("PredictedLabel")], keyData: names);
        return mlContext.MulticlassClassification.EvaluateObjectDetection(keys.Fit(view).Transform(view));
    }

    private static IEnumerable<SKRect> Windows(int side) =>
        from size in Sizes
        from top in Enumerable.Range(0, (side - size) / Stride + 1)
        from left in Enumerable.Range(0, (side - size) / Stride + 1)
        select SKRect.Create(left * Stride, top * Stride, size, size);

    private static IEnumerable<View> Cut(Scene scene, SKRect[] windows)
    {
        using var bitmap = scene.ToBitmap();
        using var image = SKImage.FromBitmap(bitmap);
        foreach (var window in windows)
        {
            using var cut = new SKBitmap(new SKImageInfo(Input, Input, SKColorType.Rgba8888, SKAlphaType.Premul));
            using var canvas = new SKCanvas(cut);
            using var paint = new SKPaint { FilterQuality = SKFilterQuality.High };
            canvas.DrawImage(image, window, SKRect.Create(Input, Input), paint);
            yield return new View { Image = MLImage.CreateFromPixels(Input, Input, MLPixelFormat.Rgba32, cut.Bytes) };
        }
    }

    private static Row RowOf(Scene scene, SKRect[] windows, string[] labels, float[] scores, string[] known)
    {
        var kept = new List<int>();
        foreach (int i in Enumerable.Range(0, windows.Length).Where(i => known.Contains(labels[i])).OrderByDescending(i => scores[i]))
        {
            if (kept.All(k => Overlap(windows[k], windows[i]) < MostOverlap))
                kept.Add(i);
        }

        return new Row
        {
            Label = scene.Labels,
            BoundingBoxes = scene.Boxes,
            PredictedLabel = [.. kept.Select(i => labels[i])],
            PredictedBoundingBoxes =
                [.. kept.SelectMany(i => new[] { windows[i].Left, windows[i].Top, windows[i].Right, windows[i].Bottom })],
            Score = [.. kept.Select(i => scores[i])],
        };
    }

    private static float Overlap(SKRect a, SKRect b)
    {
        var both = SKRect.Intersect(a, b);
        float shared = both.Width * both.Height;
        return shared / (a.Width * a.Height + b.Width * b.Height - shared);
    }

    private sealed class View
    {
        [ImageType(Input, Input)]
        public MLImage? Image { get; set; }
    }

    private sealed class Row
    {
        public string[] Label { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public string[] PredictedLabel { get; set; } = [];

        public float[] PredictedBoundingBoxes { get; set; } = [];

        public float[] Score { get; set; } = [];
    }
}
