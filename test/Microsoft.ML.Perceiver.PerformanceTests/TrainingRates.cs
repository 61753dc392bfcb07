using System.Globalization;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Rows a second of trainings of small models through the trainer itself: the bundled language model's on masks, and Fashion-MNIST's
/// recipe; each in bfloat16, where the processor multiplies it, and in float32, by turns.
/// </summary>
internal static class TrainingRates
{
    private const int Rounds = 3, Steps = 8, TextBatch = 32, TextTokens = 256, ImageBatch = 128, ImageSide = 40;

    private static readonly PerceiverConfig Fashion = new PerceiverConfig
    {
        NumLatents = 36,
        LatentChannels = 128,
        ModelChannels = 322,
        NumSelfAttendsPerBlock = 3,
        NumSelfAttentionHeads = 4,
        NumCrossAttentionHeads = 4,
        QueryKeyChannels = 64,
        ValueChannels = 128,
        SelfAttentionWideningFactor = 2,
        ImageSize = ImageSide,
        AttentionDropout = 0,
        InitializerRange = 0.05,
    }.WithLabels(10);

    internal static IEnumerable<string> Measure()
    {
        PerceiverPrecision[] precisions = PerceiverPrecisions.IsBFloat16FastOnCpu
            ? [PerceiverPrecision.BFloat16, PerceiverPrecision.Float32]
            : [PerceiverPrecision.Float32];
        var times = new Dictionary<(string, PerceiverPrecision), List<double>>();
        for (int round = 0; round < Rounds; round++)
        {
            foreach (var precision in precisions)
            {
                Add("language", precision, Language(precision));
                Add("fashion", precision, Images(precision));
            }
        }

        foreach (var ((name, precision), seconds) in times)
        {
            double rows = (name == "language" ? TextBatch : ImageBatch) / seconds.Order().ElementAt(seconds.Count / 2);
            string figure = string.Create(CultureInfo.InvariantCulture, $"train_rows_{name}_{precision}\t{rows:f1}\trows/s");
            yield return figure.ToLowerInvariant();
        }

        void Add(string name, PerceiverPrecision precision, IEnumerable<double> seconds)
        {
            if (!times.TryGetValue((name, precision), out var list))
                times[(name, precision)] = list = [];
            list.AddRange(seconds);
        }
    }

    private static List<double> Language(PerceiverPrecision precision)
    {
        string folder = RepositoryData.PathOf(
            "src", "Microsoft.ML.Perceiver.Models.Language", "perceiver-models", "perceiver-mini-language");
        using var model = PerceiverCheckpoint.FromDirectory(folder).Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        var random = new Random(1);
        var texts = PerceiverTextRows.FromTokens(Enumerable.Range(0, TextBatch * Steps)
            .Select(_ => (int[])[4, .. Enumerable.Range(0, TextTokens - 2).Select(_ => random.Next(6, 262)), 5]).ToArray());
        return Times(
            TextBatch,
            precision,
            options => new PerceiverMaskedLanguageObjective(model, texts, PerceiverTextRows.FromTokens([]), options));
    }

    private static List<double> Images(PerceiverPrecision precision)
    {
        using var model = new PerceiverForImageClassificationConvProcessing(Fashion, seed: 1);
        var random = new Random(1);
        var images = Enumerable.Range(0, ImageBatch * Steps).Select(i =>
        {
            byte[] pixels = new byte[ImageSide * ImageSide * 3];
            random.NextBytes(pixels);
            return new PerceiverImageExample(pixels, 3, ImageSide, ImageSide, [i % 10]);
        });
        var rows = PerceiverRows.Create<PerceiverImageExample>([.. images]);
        var processor = new PerceiverImageProcessorOptions { CropSize = new(ImageSide), Size = new(ImageSide) };
        return Times(
            ImageBatch,
            precision,
            options => new PerceiverImageClassificationObjective(
                model,
                PerceiverProblemType.SingleLabel,
                rows,
                PerceiverRows.Create<PerceiverImageExample>([]),
                processor,
                options,
                new PerceiverImageAugmentation { HorizontalFlip = true, MaxShift = 0.04 }));
    }

    private static List<double> Times(
        int batch, PerceiverPrecision precision, Func<PerceiverTrainingOptions, IPerceiverObjective> objective)
    {
        var clock = new StepClock();
        var options = new PerceiverTrainingOptions
        {
            Epochs = 1,
            BatchSize = batch,
            Optimizer = PerceiverOptimizer.Muon,
            LearningRate = 1e-4,
            WeightAverageDecay = 0.99,
            Precision = precision,
            Progress = clock.Note,
        };
        PerceiverTrainer.Run(objective(options), options);
        return clock.Seconds;
    }
}
