using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ArrayClassification;
using Microsoft.ML.Perceiver.Tests.Audio;
using Microsoft.ML.Perceiver.Tests.Forecasting;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.SavedModels;

/// <summary>One model of each stage. Their settings differ from the defaults, so that one that is lost changes what comes out.</summary>
internal sealed class SavedModelCases(MLContext context, string folder)
{
    private const int ImageHeight = 6, ImageWidth = 9, FrameHeight = 12, FrameWidth = 20;

    private static readonly PerceiverConfig Text = TinyModels.Config with
    {
        NumSelfAttendsPerBlock = 1,
        NumBlocks = 1,
        ModelChannels = 8,
        LatentChannels = 8,
        InitializerRange = 0.5,
    };

    /// <summary>All of them.</summary>
    /// <param name="weightsFile">The file of the weights of the model that does not carry them.</param>
    internal IEnumerable<SavedModelCase> All(string weightsFile) =>
    [
        FillMask("FillMask", weightsFile: null),
        FillMask("FillMaskWithWeightsFile", weightsFile),
        SingleLabel(),
        TextBinary(),
        SeveralLabels(),
        Regression(),
        Tokens(),
        Questions(),
        SentenceEmbedding(),
        SentenceSimilarity(),
        ImageClassification(),
        ImageBinary(),
        ObjectDetection(),
        OpticalFlow(),
        Multimodal(),
        TextFeatures(),
        ImageFeatures(),
        ArrayClassification(),
        ArrayBinary(),
        Forecasting(),
        AudioLoading(),
        LogMel(),
    ];

    private SavedModelCase AudioLoading() => new(
        "AudioLoading",
        context.Transforms.LoadPerceiverAudio(new PerceiverAudioLoadingOptions
        {
            InputColumnName = "Content",
            OutputColumnName = "Sound",
            SampleRate = 4000,
            MaxSeconds = 0.02,
            PadToMaxSeconds = true,
        }),
        context.Data.LoadFromEnumerable(Audio()),
        "Sound");

    private SavedModelCase LogMel() => new(
        "LogMel",
        context.Transforms.PerceiverLogMel(new PerceiverLogMelOptions
        {
            InputColumnName = "Samples",
            OutputColumnName = "Frames",
            SampleRate = 8000,
            WindowLength = 100,
            HopLength = 60,
            Bands = 5,
            LowestFrequency = 200,
            HighestFrequency = 3000,
            Floor = 1e-3,
            SubtractMean = true,
        }),
        context.Data.LoadFromEnumerable(Audio()),
        "Frames");

    private SavedModelCase FillMask(string name, string? weightsFile) => new(
        name,
        context.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 3),
            TextColumnName = "Sentence",
            OutputColumnName = "Best",
            FillingsColumnName = "All",
            LogProbabilitiesColumnName = "Judged",
            TopK = 3,
            Decoding = weightsFile is null ? PerceiverFillMaskDecoding.LeftToRight : PerceiverFillMaskDecoding.OneShot,
            BeamWidth = 4,
            MaxLength = 20,
            LongText = PerceiverLongTextHandling.Truncate,
            BatchSize = 2,
            MaxMemoryBytes = 50_000,
            WeightsFile = weightsFile,
        }),
        context.Data.LoadFromEnumerable(Sentences("a [MASK][MASK] b", "this [MASK] goes on for more than twenty bytes", "é[MASK]")),
        "Best", "All", "Judged");

    private SavedModelCase ArrayClassification() => new(
        "ArrayClassification",
        context.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            Checkpoint = ArrayData.Checkpoint,
            FeatureColumnNames = ["Any"],
            LabelColumnName = "Key",
            Channels = 2,
            Patch = [3],
            ScoreColumnName = "Chances",
            PredictedLabelColumnName = "Guess",
            TopK = 1,
            TopLabelsColumnName = "Best",
            TopScoresColumnName = "BestChances",
            BatchSize = 2,
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        ArrayData.Keyed(context, 5),
        "Chances", "Guess", "Best", "BestChances");

    private SavedModelCase ArrayBinary() => new(
        "ArrayBinary",
        context.BinaryClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            Checkpoint = ArrayData.Checkpoint,
            FeatureColumnNames = ["A", "Six", "B"],
            LabelColumnName = "Truth",
            ScoreColumnName = "Odds",
            ProbabilityColumnName = "Chance",
            PredictedLabelColumnName = "Guess",
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        ArrayData.Rows(context, 5),
        "Odds", "Chance", "Guess");

    private SavedModelCase Forecasting() => new(
        "Forecasting",
        context.Forecasting.PerceiverArray(new PerceiverForecastingOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(ForecastData.Config, 3),
            OtherColumnNames = ["Other"],
            OutputColumnName = "Next",
            LowerBoundColumnName = "Least",
            UpperBoundColumnName = "Most",
            ConfidenceLevel = 0.8,
            WindowSize = 7,
            Horizon = 2,
            Season = 3,
            BatchSize = 2,
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        ForecastData.Rows(context, 12),
        "Next", "Least", "Most");

    private SavedModelCase SingleLabel()
    {
        var data = context.Data.LoadFromEnumerable(Sentences("good", "bad", "fair", "very good", "very bad"));
        return new(
            "TextClassificationSingleLabel",
            context.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
            {
                Checkpoint = PerceiverCheckpoint.FromConfig(Text, 3),
                TextColumnName = "Sentence",
                SecondTextColumnName = "Second",
                LabelColumnName = "Class",
                ScoreColumnName = "Chances",
                PredictedLabelColumnName = "Guess",
                MaxLength = 22,
                LongText = PerceiverLongTextHandling.Refuse,
                BatchSize = 3,
                Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
            }),
            context.Transforms.Conversion.MapValueToKey("Class", "Number").Fit(data).Transform(data),
            "Chances", "Guess");
    }

    private SavedModelCase TextBinary() => new(
        "TextBinary",
        context.BinaryClassification.Trainers.PerceiverText(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 3),
            TextColumnName = "Sentence",
            LabelColumnName = "Truth",
            ScoreColumnName = "Odds",
            ProbabilityColumnName = "Chance",
            PredictedLabelColumnName = "Guess",
            MaxLength = 20,
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        context.Data.LoadFromEnumerable(Sentences("good", "bad", "fair", "very good", "very bad")),
        "Odds", "Chance", "Guess");

    private SavedModelCase SeveralLabels() => new(
        "TextClassificationSeveralLabels",
        context.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(
                Text.WithLabels(["x", "y", "ü"]) with { ProblemType = "multi_label_classification" }, 3),
            TextColumnName = "Sentence",
            ScoreColumnName = "Chances",
            PredictedLabelColumnName = "Guess",
        }),
        context.Data.LoadFromEnumerable(Sentences("a", "some more text", "日本")),
        "Chances", "Guess");

    private SavedModelCase Regression() => new(
        "TextRegression",
        context.Regression.Trainers.PerceiverText(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 5),
            TextColumnName = "Sentence",
            LabelColumnName = "Value",
            ScoreColumnName = "Price",
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        context.Data.LoadFromEnumerable(Sentences("cheap", "dear", "free")),
        "Price");

    private SavedModelCase Tokens() => new(
        "TokenClassification",
        context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text.WithLabels(["O", "B-x", "I-x", "y"]), 5),
            TextColumnName = "Sentence",
            PredictedLabelColumnName = "Tags",
            ScoreColumnName = "Probabilities",
            SpansColumnName = "Places",
            SpanLabelsColumnName = "Names",
            MaxLength = 20,
            BatchSize = 2,
        }),
        context.Data.LoadFromEnumerable(Sentences("one two 3", "it goes on and on", "é  !")),
        "Tags", "Probabilities", "Places", "Names");

    private SavedModelCase Questions() => new(
        "QuestionAnswering",
        context.Transforms.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 5),
            TextColumnName = "Sentence",
            QuestionColumnName = "Second",
            PredictedAnswerColumnName = "Answers",
            ScoreColumnName = "Probabilities",
            TopK = 2,
            MaxAnswerLength = 5,
            ContextOverlap = 3,
            MaxLength = 20,
            BatchSize = 2,
        }),
        context.Data.LoadFromEnumerable(Sentences("one two 3", "it goes on and on", "é  !")),
        "Answers", "Probabilities");

    private SavedModelCase SentenceEmbedding() => new(
        "SentenceEmbedding",
        context.Transforms.PerceiverSentenceEmbedding(new PerceiverSentenceEmbeddingOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text with { EmbeddingSize = 5, SentencePooling = PerceiverConfig.QueryPooling }, 3),
            TextColumnName = "Sentence",
            OutputColumnName = "Vector",
            MaxLength = 12,
            BatchSize = 2,
        }),
        context.Data.LoadFromEnumerable(Sentences("a", "more than ten bytes", "日本")),
        "Vector");

    private SavedModelCase SentenceSimilarity() => new(
        "SentenceSimilarity",
        context.Regression.Trainers.PerceiverSentenceSimilarity(new PerceiverSentenceSimilarityOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text with { EmbeddingSize = 5 }, 3),
            TextColumnName = "Sentence",
            SecondTextColumnName = "Second",
            LabelColumnName = "Value",
            ScoreColumnName = "Likeness",
            MaxLength = 20,
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        context.Data.LoadFromEnumerable(Sentences("one", "two", "0th and more of it")),
        "Likeness");

    private SavedModelCase ImageClassification() => new(
        "ImageClassification",
        context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = Coarse(TinyImages.Config("Learned") with { ImageSize = 8 }, c => PerceiverForImageClassification.Create(c)),
            ImageColumnName = "Pixels",
            PixelHeight = ImageHeight,
            PixelWidth = ImageWidth,
            PixelLayout = PerceiverImageLayout.ChannelsLast,
            InterpolatePositions = true,
            ImageProcessor = new PerceiverImageProcessorOptions
            {
                DoCenterCrop = false,
                Size = new PerceiverImageSize(7, 10),
                Resample = PerceiverResampling.Bilinear,
                ImageMean = [0.4, 0.5, 0.6],
                ImageStd = [0.3],
            },
            ScoreColumnName = "Chances",
            PredictedLabelColumnName = "Guess",
            TopK = 2,
            TopLabelsColumnName = "Best",
            TopScoresColumnName = "BestChances",
            BatchSize = 2,
        }),
        context.Data.LoadFromEnumerable(Images()),
        "Chances", "Guess", "Best", "BestChances");

    private SavedModelCase ImageBinary() => new(
        "ImageBinary",
        context.BinaryClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(
                TinyImages.Config("Fourier") with
                {
                    NumLatents = 4,
                    LatentChannels = 8,
                    NumSelfAttendsPerBlock = 1,
                    NumBlocks = 1,
                    QueryKeyChannels = 8,
                    ValueChannels = 8,
                },
                3),
            ImageColumnName = "Pixels",
            LabelColumnName = "Truth",
            PixelHeight = ImageHeight,
            PixelWidth = ImageWidth,
            PixelLayout = PerceiverImageLayout.ChannelsLast,
            ScoreColumnName = "Odds",
            ProbabilityColumnName = "Chance",
            PredictedLabelColumnName = "Guess",
            Training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 2, ValidationFraction = 0 },
        }),
        context.Data.LoadFromEnumerable(Images()),
        "Odds", "Chance", "Guess");

    private SavedModelCase ObjectDetection() => new(
        "ObjectDetection",
        context.Transforms.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
        {
            Checkpoint = Coarse(
                TinyImages.Config() with
                {
                    Architectures = [nameof(PerceiverForObjectDetection)],
                    NumQueries = 5,
                    NumLatents = 4,
                    LatentChannels = 8,
                    NumSelfAttendsPerBlock = 1,
                    NumBlocks = 1,
                    QueryKeyChannels = 8,
                    ValueChannels = 8,
                },
                c => new PerceiverForObjectDetection(c)),
            ImageColumnName = "Pixels",
            PixelHeight = ImageHeight,
            PixelWidth = ImageWidth,
            PixelLayout = PerceiverImageLayout.ChannelsLast,
            ImageProcessor = new PerceiverImageProcessorOptions
            {
                CropSize = new PerceiverImageSize(16, 20),
                Size = new PerceiverImageSize(12, 18),
                Resample = PerceiverResampling.Bilinear,
                ImageMean = [0.4, 0.5, 0.6],
                ImageStd = [0.3],
            },
            PredictedLabelColumnName = "Kinds",
            PredictedBoundingBoxColumnName = "Places",
            ScoreColumnName = "Chances",
            ScoreThreshold = 0.1,
            IouThreshold = 0.9,
            BatchSize = 2,
        }),
        context.Data.LoadFromEnumerable(Images()),
        "Kinds", "Places", "Chances");

    private SavedModelCase OpticalFlow()
    {
        var config = TinyFlow.Config with
        {
            NumLatents = 6,
            LatentChannels = 16,
            QueryKeyChannels = 16,
            ValueChannels = 16,
            NumSelfAttendsPerBlock = 1,
            NumSelfAttentionHeads = 2,
            TrainSize = [8, 12],
        };
        var stage = context.Transforms.PerceiverOpticalFlow(new PerceiverOpticalFlowOptions
        {
            Checkpoint = Coarse(config, c => new PerceiverForOpticalFlow(c)),
            FirstImageColumnName = "Before",
            SecondImageColumnName = "After",
            FlowColumnName = "Motion",
            HeightColumnName = "Rows",
            WidthColumnName = "Columns",
            FlowImageColumnName = "Painted",
            FlowImageMaxMotion = 9,
            Flow = new PerceiverOpticalFlowPredictorOptions { FlowScale = 15, MinOverlap = 3, PyramidLevels = 2, Refinements = 1 },
            BatchSize = 2,
            MaxMemoryBytes = 10_000_000,
        });
        return new(
            "OpticalFlow",
            context.Transforms.ConvertToImage(FrameHeight, FrameWidth, "Before", "First", interleavedColors: true)
                .Append(context.Transforms.ConvertToImage(FrameHeight, FrameWidth, "After", "Second", interleavedColors: true))
                .Append(stage),
            context.Data.LoadFromEnumerable(FramePairs()),
            "Motion", "Rows", "Columns", "Painted");
    }

    private SavedModelCase Multimodal() => new(
        "Multimodal",
        context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = Coarse(TinyClips.Config, c => new PerceiverForMultimodalAutoencoding(c)),
            FramesColumnName = "Film",
            PixelHeight = ImageHeight,
            PixelWidth = ImageWidth,
            AudioColumnName = "Track",
            ReconstructedFramesColumnName = "FilmAgain",
            ReconstructedAudioColumnName = "TrackAgain",
            ScoreColumnName = "Chances",
            PredictedLabelColumnName = "Guess",
            BatchSize = 2,
            MaxMemoryBytes = 10_000_000,
        }),
        context.Data.LoadFromEnumerable(Videos()),
        "FilmAgain", "TrackAgain", "Chances", "Guess");

    private SavedModelCase TextFeatures() => new(
        "TextFeatures",
        context.Transforms.PerceiverFeatures(new PerceiverFeaturesOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 3),
            TextColumnName = "Sentence",
            OutputColumnName = "Latents",
            Kind = PerceiverFeaturesKind.AllLatents,
            Precision = PerceiverPrecision.BFloat16,
            MaxLength = 10,
        }),
        context.Data.LoadFromEnumerable(Sentences("a", "more than ten bytes", "日本")),
        "Latents");

    private SavedModelCase ImageFeatures() => new(
        "ImageFeatures",
        context.Transforms.PerceiverFeatures(new PerceiverFeaturesOptions
        {
            Checkpoint = Coarse(TinyImages.Config("Fourier") with { ImageSize = 8 }, c => PerceiverForImageClassification.Create(c)),
            ImageColumnName = "Pixels",
            OutputColumnName = "Latents",
            PixelHeight = ImageHeight,
            PixelWidth = ImageWidth,
            PixelLayout = PerceiverImageLayout.ChannelsLast,
            ImageProcessor = new PerceiverImageProcessorOptions { DoCenterCrop = false, Size = new(8), DoNormalize = false },
        }),
        context.Data.LoadFromEnumerable(Images()),
        "Latents");

    /// <summary>A checkpoint of a few different weights, most of them zero, which a compressed model file needs little room for.</summary>
    private PerceiverCheckpoint Coarse(PerceiverConfig config, Func<PerceiverConfig, PerceiverPreTrainedModel> create)
    {
        using var model = create(config);
        using (TorchSharp.torch.no_grad())
        {
            foreach (var (weights, seed) in model.parameters().Select((p, i) => (p, i)))
            {
                double step = config.InitializerRange / 2;
                weights.div_(step).round_().mul_(step);
                // The larger matrices keep fewer weights, which are larger in turn.
                if (weights.dim() > 1)
                {
                    bool isSmall = weights.numel() < 10_000;
                    weights.mul_((TinyModels.Normal(seed, weights.shape) > (isSmall ? 0.8 : 1.9)).to(weights.dtype)).mul_(isSmall ? 2 : 5);
                }
            }
        }

        string checkpoint = Path.Combine(folder, $"checkpoint-{Guid.NewGuid():n}");
        model.SavePretrained(checkpoint);
        return PerceiverCheckpoint.FromDirectory(checkpoint);
    }

    private static Sentence[] Sentences(params string[] texts) =>
        [.. texts.Select((t, i) => new Sentence { Text = t, Second = $"{i}th", Number = 10 - i % 3, Value = i, Truth = i % 2 == 1 })];

    private static ImageRow[] Images() =>
    [
        .. Enumerable.Range(0, 3).Select(i => new ImageRow
        {
            Pixels = TinyFlow.Image(ImageHeight, ImageWidth, i).Pixels.ToArray(),
            Truth = i % 2 == 1,
        }),
    ];

    private static AudioRow[] Audio() =>
    [
        .. Enumerable.Range(1, 3).Select(i => WavData.Tone(90 * i, 300 * i, rate: 8000))
            .Select(tone => new AudioRow { Content = WavData.File(8000, tone), Samples = tone }),
    ];

    private static Pair[] FramePairs() => [.. Enumerable.Range(1, 2).Select(i => new Pair
    {
        First = TinyFlow.Image(FrameHeight, FrameWidth, i).Pixels.ToArray(),
        Second = TinyFlow.Image(FrameHeight, FrameWidth, i, shift: 2).Pixels.ToArray(),
    })];

    private static Video[] Videos()
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, 2).Select(_ => new Video
        {
            Film = [.. Enumerable.Range(0, 3 * 3 * ImageHeight * ImageWidth).Select(_ => (float)random.Next(256))],
            Track = [.. Enumerable.Range(0, 3 * TinyClips.FrameSamples).Select(_ => 2 * random.NextSingle() - 1)],
        })];
    }

    private sealed class Sentence
    {
        [ColumnName("Sentence")]
        public string Text { get; set; } = "";

        public string Second { get; set; } = "";

        public int Number { get; set; }

        public float Value { get; set; }

        public bool Truth { get; set; }
    }

    private sealed class ImageRow
    {
        [VectorType(3 * ImageHeight * ImageWidth)]
        public byte[] Pixels { get; set; } = [];

        public bool Truth { get; set; }
    }

    private sealed class Pair
    {
        [VectorType(3 * FrameHeight * FrameWidth)]
        public byte[] First { get; set; } = [];

        [VectorType(3 * FrameHeight * FrameWidth)]
        public byte[] Second { get; set; } = [];
    }

    /// <summary>Three frames: a window and a half.</summary>
    private sealed class Video
    {
        [VectorType(3 * 3 * ImageHeight * ImageWidth)]
        public float[] Film { get; set; } = [];

        [VectorType(3 * TinyClips.FrameSamples)]
        public float[] Track { get; set; } = [];
    }
}
