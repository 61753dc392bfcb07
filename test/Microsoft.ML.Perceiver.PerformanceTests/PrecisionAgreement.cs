using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// How far bfloat16 and 8-bit integers are from float32, on real input through the bundled models: the share of equal first choices, and
/// the differences.
/// </summary>
internal static class PrecisionAgreement
{
    private static readonly MLContext Context = new(seed: 1);

    /// <summary>Measures.</summary>
    /// <param name="precisions">The precisions beside float32.</param>
    internal static IEnumerable<string> Measure(IReadOnlyList<PerceiverPrecision> precisions) =>
        FillMask(precisions).Concat(Images(precisions)).Concat(Flow(precisions)).Concat(Video(precisions));

    // Each text with one letter masked; what is compared is the best byte and its logarithm of probability.
    private static IEnumerable<string> FillMask(IReadOnlyList<PerceiverPrecision> precisions)
    {
        const int texts = 400;
        string sentences = RepositoryData.PathOf("samples", "Pretrain", "Data", "sentiment-sentences");
        string file = Directory.GetFiles(sentences, "*.txt").Order(StringComparer.Ordinal).First();
        var rows = File.ReadLines(file)
            .Where(l => l.Length is > 20 and < 200 && l.All(char.IsAscii))
            .Take(texts)
            .Select(l => new TextRow { Text = MaskMiddle(l) })
            .ToArray();
        var data = Context.Data.LoadFromEnumerable(rows);
        PerceiverFillMaskOptions Options(PerceiverPrecision precision) => new()
        {
            Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage),
            Precision = precision,
            TopK = 1,
        };
        return Compare(
            "fillmask",
            precisions,
            precision => Context.Transforms.PerceiverFillMask(Options(precision)).Fit(data).Transform(data),
            view => view.GetColumn<string>("FilledText"),
            "LogProbabilities",
            "");
    }

    private static string MaskMiddle(string text)
    {
        int middle = text.Length / 2;
        return $"{text[..middle]}[MASK]{text[(middle + 1)..]}";
    }

    private static IEnumerable<string> Images(IReadOnlyList<PerceiverPrecision> precisions)
    {
        string folder = RepositoryData.PathOf("samples", "ImageClassification", "Data", "clothing-64", "test");
        var files = Directory.GetFiles(folder, "*.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        var data = Context.Data.LoadFromEnumerable(files.Select(f => new PathRow { Path = f }));
        var images = Context.Transforms.LoadImages("Image", imageFolder: null, "Path").Fit(data).Transform(data);
        PerceiverImageClassificationOptions Options(PerceiverPrecision precision) => new()
        {
            Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing),
            Precision = precision,
        };
        return Compare(
            "vision_conv",
            precisions,
            precision => Context.Transforms.PerceiverImageClassification(Options(precision)).Fit(images).Transform(images),
            view => view.GetColumn<uint>("PredictedLabel"),
            "Score",
            "");
    }

    private static IEnumerable<string> Flow(IReadOnlyList<PerceiverPrecision> precisions)
    {
        string folder = RepositoryData.PathOf("samples", "OpticalFlow", "Data", "rubberwhale");
        string[] frames = [.. Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)];
        var row = new FramesRow { First = MLImage.CreateFromFile(frames[0]), Second = MLImage.CreateFromFile(frames[1]) };
        var data = Context.Data.LoadFromEnumerable([row]);
        return Compare<float>(
            "flow", precisions,
            precision => Context.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
            {
                Checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniFlow),
                FirstImageColumnName = nameof(FramesRow.First),
                SecondImageColumnName = nameof(FramesRow.Second),
                Precision = precision,
            }).Fit(data).Transform(data),
            choices: null, "Flow", "pixels");
    }

    // The last frames of the film, which the model was not trained on, with a tone as their audio.
    private static IEnumerable<string> Video(IReadOnlyList<PerceiverPrecision> precisions)
    {
        const int windows = 4;
        var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniVideo);
        var extents = PerceiverMultimodalExtents.Of(checkpoint.Config);
        string folder = RepositoryData.PathOf("samples", "VideoAutoencoder", "Data", "sequence-64");
        string[] files = [.. Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal)];
        float[] tone = [.. Enumerable.Range(0, extents.Samples).Select(i => 0.3f * MathF.Sin(0.05f * i))];
        var rows = files
            .TakeLast(windows * extents.Frames)
            .Chunk(extents.Frames)
            .Select(w => new VideoRow { Frames = [.. w.SelectMany(Planes)], Audio = tone })
            .ToArray();
        var data = Context.Data.LoadFromEnumerable(rows);
        IDataView Run(PerceiverPrecision precision)
        {
            var options = new PerceiverMultimodalOptions { Checkpoint = checkpoint, Precision = precision };
            return Context.Transforms.PerceiverMultimodal(options).Fit(data).Transform(data);
        }
        return [.. Compare("multimodal", precisions, Run, view => view.GetColumn<uint>("PredictedLabel"), "ReconstructedFrames", "of 255")];
    }

    private static byte[] Planes(string path)
    {
        using var image = MLImage.CreateFromFile(path);
        return RgbPlanes.Of(image.ToPerceiverImage()).Pixels.ToArray();
    }

    private static IEnumerable<string> Compare<T>(
        string head,
        IReadOnlyList<PerceiverPrecision> precisions,
        Func<PerceiverPrecision, IDataView> run,
        Func<IDataView, IEnumerable<T>>? choices,
        string values,
        string unit)
    {
        // Views compute when they are read, so each is read once.
        (T[] Choices, float[] Values) Read(PerceiverPrecision precision)
        {
            var view = Context.Data.Cache(run(precision));
            return ([.. choices?.Invoke(view) ?? []], [.. view.GetColumn<VBuffer<float>>(values).SelectMany(v => v.DenseValues())]);
        }

        var full = Read(PerceiverPrecision.Float32);
        foreach (var precision in precisions.Where(p => p != PerceiverPrecision.Float32))
        {
            string name = $"{head}_{precision.ToString().ToLowerInvariant()}";
            var reduced = Read(precision);
            double[] differences = [.. full.Values.Zip(reduced.Values, (a, b) => (double)Math.Abs(a - b))];
            if (choices is not null)
            {
                double agreement = full.Choices.Zip(reduced.Choices).Average(p => Equals(p.First, p.Second) ? 1.0 : 0);
                yield return Measured.Figure($"{name}_top1_agreement", agreement, "fraction");
            }
            yield return Measured.Figure($"{name}_mean_difference", differences.Average(), unit);
            yield return Measured.Figure($"{name}_largest_difference", differences.Max(), unit);
        }
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";
    }

    private sealed class PathRow
    {
        public string Path { get; set; } = "";
    }

    private sealed class VideoRow
    {
        public byte[] Frames { get; set; } = [];

        public float[] Audio { get; set; } = [];
    }

    private sealed class FramesRow
    {
        [Microsoft.ML.Transforms.Image.ImageType(388, 584)]
        public MLImage First { get; set; } = null!;

        [Microsoft.ML.Transforms.Image.ImageType(388, 584)]
        public MLImage Second { get; set; } = null!;
    }
}
