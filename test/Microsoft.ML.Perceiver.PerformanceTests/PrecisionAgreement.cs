using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>How far bfloat16 is from float32, on real input through the bundled models: the share of equal first choices, and the differences.</summary>
internal static class PrecisionAgreement
{
    private static readonly MLContext Context = new(seed: 1);

    internal static IEnumerable<string> Measure() => [.. FillMask(), .. Images(), .. Flow()];

    // Each text with one letter masked; what is compared is the best byte and its logarithm of probability.
    private static IEnumerable<string> FillMask()
    {
        const int texts = 400;
        var rows = File.ReadLines(Directory.GetFiles(RepositoryData.PathOf("samples", "Pretrain", "Data", "sentiment-sentences"), "*.txt").Order(StringComparer.Ordinal).First())
            .Where(l => l.Length is > 20 and < 200 && l.All(char.IsAscii)).Take(texts).Select(l => new TextRow { Text = $"{l[..(l.Length / 2)]}[MASK]{l[((l.Length / 2) + 1)..]}" }).ToArray();
        var data = Context.Data.LoadFromEnumerable(rows);
        var (full, reduced) = Both(precision => Context.Transforms.PerceiverFillMask(
            new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage), Precision = precision, TopK = 1 }).Fit(data).Transform(data));
        return Agreement("fillmask", full.GetColumn<string>("FilledText"), reduced.GetColumn<string>("FilledText"), Values(full, "LogProbabilities"), Values(reduced, "LogProbabilities"));
    }

    private static IEnumerable<string> Images()
    {
        var files = Directory.GetFiles(RepositoryData.PathOf("samples", "ImageClassification", "Data", "clothing-64", "test"), "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        var data = Context.Data.LoadFromEnumerable(files.Select(f => new PathRow { Path = f }));
        var images = Context.Transforms.LoadImages("Image", imageFolder: null, "Path").Fit(data).Transform(data);
        var (full, reduced) = Both(precision => Context.Transforms.PerceiverImageClassification(
            new PerceiverImageClassificationOptions { Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing), Precision = precision }).Fit(images).Transform(images));
        return Agreement("vision_conv", full.GetColumn<uint>("PredictedLabel"), reduced.GetColumn<uint>("PredictedLabel"), Values(full, "Score"), Values(reduced, "Score"));
    }

    private static IEnumerable<string> Flow()
    {
        string folder = RepositoryData.PathOf("samples", "OpticalFlow", "Data", "rubberwhale");
        string[] frames = [.. Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)];
        var data = Context.Data.LoadFromEnumerable([new FramesRow { First = MLImage.CreateFromFile(frames[0]), Second = MLImage.CreateFromFile(frames[1]) }]);
        var (full, reduced) = Both(precision => Context.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniFlow),
            FirstImageColumnName = nameof(FramesRow.First),
            SecondImageColumnName = nameof(FramesRow.Second),
            Precision = precision,
        }).Fit(data).Transform(data));
        return Differences("flow", Values(full, "Flow"), Values(reduced, "Flow"), "pixels");
    }

    private static (IDataView Full, IDataView Reduced) Both(Func<PerceiverPrecision, IDataView> run) => (run(PerceiverPrecision.Float32), run(PerceiverPrecision.BFloat16));

    private static float[] Values(IDataView data, string column) => [.. data.GetColumn<VBuffer<float>>(column).SelectMany(v => v.DenseValues())];

    private static IEnumerable<string> Agreement<T>(string head, IEnumerable<T> full, IEnumerable<T> reduced, float[] fullValues, float[] reducedValues)
    {
        double share = full.Zip(reduced).Average(p => Equals(p.First, p.Second) ? 1.0 : 0);
        return [Measured.Figure($"{head}_bfloat16_top1_agreement", share, "fraction"), .. Differences(head, fullValues, reducedValues, "")];
    }

    private static IEnumerable<string> Differences(string head, float[] full, float[] reduced, string unit)
    {
        double[] differences = [.. full.Zip(reduced, (a, b) => (double)Math.Abs(a - b))];
        return [Measured.Figure($"{head}_bfloat16_mean_difference", differences.Average(), unit), Measured.Figure($"{head}_bfloat16_largest_difference", differences.Max(), unit)];
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class FramesRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(388, 584)]
        public MLImage First { get; set; } = null!;

        [Microsoft.ML.Transforms.Image.ImageType(388, 584)]
        public MLImage Second { get; set; } = null!;
    }
}
