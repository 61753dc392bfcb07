using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ArrayClassification;
using Microsoft.ML.Perceiver.Tests.Forecasting;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>Columns that are written have names of their own, and the weights of attention maps hide nothing that is read.</summary>
[TestClass]
public sealed class OutputNameTests
{
    private static readonly PerceiverCheckpoint Text = PerceiverCheckpoint.FromConfig(TinyModels.Config.WithLabels(["a", "b"]), 3);

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Weights_and_another_result_of_one_name_are_refused()
    {
        Refused(TextClassification("Score"), "AttentionColumnName and ScoreColumnName", "Score");
        Refused(FillMask("FilledText"), "AttentionColumnName and OutputColumnName", "FilledText");
        Refused(Tokens("Score"), "AttentionColumnName and ScoreColumnName", "Score");
        Refused(Questions("PredictedAnswer"), "AttentionColumnName and PredictedAnswerColumnName", "PredictedAnswer");
        Refused(Images("PredictedLabel"), "AttentionColumnName and PredictedLabelColumnName", "PredictedLabel");
        Refused(Arrays("Probability"), "AttentionColumnName and ProbabilityColumnName", "Probability");
        Refused(Videos("Score"), "AttentionColumnName and ScoreColumnName", "Score");
    }

    [TestMethod]
    public void Weights_in_the_place_of_what_is_read_are_refused()
    {
        RefusedAtOnce(() => TextClassification("Text"), "Text");
        RefusedAtOnce(() => FillMask("Text"), "Text");
        RefusedAtOnce(() => Tokens("Text"), "Text");
        RefusedAtOnce(() => Questions("Question"), "Question");
        RefusedAtOnce(() => Images("Pixels"), "Pixels");
        RefusedAtOnce(() => Arrays("Six"), "Six");
        RefusedAtOnce(() => Arrays("Truth"), "Truth");
        RefusedAtOnce(() => Videos("Audio"), "Audio");
    }

    [TestMethod]
    public void Other_results_of_one_name_are_refused_too()
    {
        Refused(
            _context.Transforms.PerceiverTextClassification(Text, scoreColumnName: "PredictedLabel"),
            "PredictedLabelColumnName and ScoreColumnName",
            "PredictedLabel");
        Refused(
            _context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
            {
                Checkpoint = TinyImages.Checkpoint(),
                ImageColumnName = "Pixels",
                TopK = 1,
                TopScoresColumnName = "TopLabels",
            }),
            "TopLabelsColumnName and TopScoresColumnName",
            "TopLabels");
        Refused(
            _context.Transforms.PerceiverOpticalFlow(
                new PerceiverOpticalFlowOptions { Checkpoint = TinyFlow.Checkpoint, HeightColumnName = "Size", WidthColumnName = "Size" }),
            "HeightColumnName and WidthColumnName",
            "Size");
        Refused(
            _context.Transforms.PerceiverObjectDetection(new PerceiverObjectDetectionOptions
            {
                Checkpoint = PerceiverCheckpoint.FromConfig(
                    TinyImages.Config() with { Architectures = [nameof(PerceiverForObjectDetection)], NumQueries = 4 }, 3),
                ImageColumnName = "Pixels",
                ScoreColumnName = "PredictedBoundingBoxes",
            }),
            "PredictedBoundingBoxColumnName and ScoreColumnName",
            "PredictedBoundingBoxes");
        Refused(
            _context.Forecasting.PerceiverArray(new PerceiverForecastingOptions
            {
                Checkpoint = PerceiverCheckpoint.FromConfig(ForecastData.Config, 3),
                OutputColumnName = "Next",
                LowerBoundColumnName = "Bound",
                UpperBoundColumnName = "Bound",
                WindowSize = 7,
                Horizon = 2,
                Training = new() { Epochs = 1_000_000 },
            }),
            "LowerBoundColumnName and UpperBoundColumnName",
            "Bound");
    }

    [TestMethod]
    public void Names_of_columns_that_are_not_written_may_be_used()
    {
        var data = Data();
        using var model = _context.Transforms.PerceiverTextClassification(Text, scoreColumnName: "Probability").Fit(data);
        Assert.AreEqual(1f, model.Transform(data).GetColumn<float[]>("Probability").First().Sum(), 1e-5f);
    }

    private PerceiverTextClassificationEstimator TextClassification(string attention) => _context.Transforms.PerceiverTextClassification(
        new PerceiverTextClassificationOptions { Checkpoint = Text, AttentionColumnName = attention });

    private PerceiverFillMaskEstimator FillMask(string attention) => _context.Transforms.PerceiverFillMask(
        new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(TinyModels.Config, 3),
            AttentionColumnName = attention,
        });

    private PerceiverTokenClassificationEstimator Tokens(string attention) => _context.Transforms.PerceiverTokenClassification(
        new PerceiverTokenClassificationOptions { Checkpoint = Text, AttentionColumnName = attention });

    private PerceiverQuestionAnsweringEstimator Questions(string attention) => _context.Transforms.PerceiverQuestionAnswering(
        new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(TinyModels.Config, 3),
            TextColumnName = "Text",
            AttentionColumnName = attention,
        });

    private PerceiverImageClassificationEstimator Images(string attention) => _context.Transforms.PerceiverImageClassification(
        new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint(),
            ImageColumnName = "Pixels",
            AttentionColumnName = attention,
        });

    private PerceiverArrayClassificationEstimator Arrays(string attention) => _context.BinaryClassification.Trainers.PerceiverArray(
        new PerceiverArrayClassificationOptions
        {
            Checkpoint = ArrayData.Checkpoint,
            FeatureColumnNames = ["Six"],
            LabelColumnName = "Truth",
            Training = new() { Epochs = 1_000_000 },
            AttentionColumnName = attention,
        });

    private PerceiverMultimodalEstimator Videos(string attention) => _context.Transforms.PerceiverMultimodal(
        new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, AttentionColumnName = attention });

    // Before the training, which would take for ever.
    private void Refused(IEstimator<ITransformer> estimator, string settings, string name)
    {
        var data = Data();
        foreach (Action action in (Action[])[() => estimator.Fit(data), () => estimator.GetOutputSchema(SchemaShape.Create(data.Schema))])
        {
            var error = Assert.ThrowsExactly<ArgumentException>(action, settings);
            Assert.AreEqual($"Two of the columns that are written have the name '{name}' ({settings}); each needs its own.", error.Message);
        }
    }

    private static void RefusedAtOnce(Func<IEstimator<ITransformer>> create, string name)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(create);
        Assert.AreEqual("AttentionColumnName", error.ParamName);
        Assert.Contains($"AttentionColumnName is '{name}', a column that is read", error.Message);
    }

    private IDataView Data()
    {
        var image = TinyImages.Rows(1)[0];
        var clip = TinyClips.Rows(1)[0];
        var file = new Row
        {
            Pixels = image.Pixels,
            Frames = clip.Frames,
            Audio = clip.Audio,
        };
        var data = _context.Data.LoadFromEnumerable([file]);
        return _context.Transforms.LoadPerceiverImages("FirstImage", inputColumnName: "Path")
            .Append(_context.Transforms.LoadPerceiverImages("SecondImage", inputColumnName: "Path"))
            .Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "a";

        public string Question { get; set; } = "b";

        public string Path { get; set; } = TinyImages.File("rgb16.png");

        [VectorType(3 * TinyImages.Side * TinyImages.Side)]
        public float[] Pixels { get; set; } = [];

        [VectorType(6)]
        public float[] Six { get; set; } = new float[6];

        [VectorType(TinyClips.Frames * TinyClips.FrameValues)]
        public float[] Frames { get; set; } = [];

        [VectorType(TinyClips.Frames * TinyClips.FrameSamples)]
        public float[] Audio { get; set; } = [];

        public bool Truth { get; set; }

        public float Value { get; set; }
    }
}
