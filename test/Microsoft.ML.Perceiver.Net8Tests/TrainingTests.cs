using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Heads;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Net8;

/// <summary>Each head trains for a moment, predicts, is saved, and predicts the same from its file.</summary>
[TestClass]
public sealed class TrainingTests
{
    private static readonly PerceiverConfig Text = TinyModels.Config with { InitializerRange = 0.3 };
    private static readonly PerceiverTrainingOptions Training = new() { Epochs = 2, BatchSize = 4, ValidationFraction = 0 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Fill_mask() => Check(
        _context.Transforms.PerceiverFillMask(
            new PerceiverFillMaskOptions { Checkpoint = PerceiverCheckpoint.FromConfig(Text), Training = Training }),
        Texts(),
        "LogProbabilities",
        _context.Data.LoadFromEnumerable([new { Text = "h[MASK]llo" }, new { Text = "[MASK]olly night" }]));

    [TestMethod]
    public void Text_classification() => Check(
        _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Text), training: Training),
        Texts(),
        "Score");

    [TestMethod]
    public void Text_regression() => Check(
        _context.Regression.Trainers.PerceiverText("Number", checkpoint: PerceiverCheckpoint.FromConfig(Text), training: Training),
        Texts(),
        "Score");

    [TestMethod]
    public void Token_classification() => Check(
        _context.MulticlassClassification.Trainers.PerceiverTokens(
            "Tags", "Words", PerceiverCheckpoint.FromConfig(Text), Training),
        Texts(),
        "Score");

    [TestMethod]
    public void Image_classification()
    {
        var rows = _context.Data.LoadFromEnumerable(TinyImages.Rows(4));
        Check(
            _context.MulticlassClassification.Trainers.PerceiverImage(new PerceiverImageClassificationOptions
            {
                Checkpoint = TinyImages.Checkpoint(),
                LabelColumnName = "Key",
                ImageColumnName = "Pixels",
                Training = Training,
            }),
            _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(rows).Transform(rows),
            "Score");
    }

    [TestMethod]
    public void Optical_flow()
    {
        using var photograph = TinyFlow.Image(90, 120, 1).ToMLImage();
        var generated = new PerceiverFlowGeneratorOptions { Height = TinyFlow.Height, Width = TinyFlow.Width, MaxShift = 3 };
        Check(
            _context.Transforms.PerceiverOpticalFlow(
                new PerceiverOpticalFlowOptions { Checkpoint = TinyFlow.Checkpoint, LabelColumnName = "Label", Training = Training }),
            _context.Data.GenerateOpticalFlow([photograph], 4, generated),
            "Flow");
    }

    [TestMethod]
    public void Multimodal_autoencoding() => Check(
        _context.Transforms.PerceiverMultimodal(
            new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, Training = Training }),
        _context.Data.LoadFromEnumerable(TinyClips.Rows(4)),
        "ReconstructedFrames");

    [TestMethod]
    public void Eight_bit_weights()
    {
        // The mean latent of a text: its numbers are of the size of one.
        PerceiverFeaturesOptions Options(PerceiverPrecision precision) => new()
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Text, 3),
            Precision = precision,
        };
        var exact = Features(_context.Transforms.PerceiverFeatures(Options(PerceiverPrecision.Float32)));
        var rounded = Features(_context.Transforms.PerceiverFeatures(Options(PerceiverPrecision.Int8)));
        double[] differences = [.. exact.Zip(rounded, (a, b) => (double)Math.Abs(a - b))];
        Assert.IsGreaterThan(0, differences.Max(), "8-bit integers round");
        Assert.IsLessThan(exact.Max(Math.Abs) / 5, differences.Average());
    }

    [TestMethod]
    public void A_run_that_was_stopped_goes_on_from_its_folder()
    {
        using var folder = new TemporaryFolder();
        var evaluated = Training with { EvaluateEverySteps = 1 };
        var whole = Train(evaluated with { RunFolder = folder["whole"] });
        Train(evaluated with { RunFolder = folder["parts"], Progress = p => p.Stop() });
        var continued = Train(evaluated with { RunFolder = folder["parts"] });
        CollectionAssert.AreEqual(whole, continued);
        Assert.DoesNotContain("\r", File.ReadAllText(Path.Combine(folder["parts"], "best", "config.json")));
    }

    private float[] Train(PerceiverTrainingOptions training)
    {
        using var transformer = _context.MulticlassClassification.Trainers.PerceiverText(
            "Key", checkpoint: PerceiverCheckpoint.FromConfig(Text), training: training).Fit(Texts());
        return Numbers(transformer.Transform(Texts()), "Score");
    }

    private float[] Features(PerceiverFeaturesEstimator estimator)
    {
        using var transformer = estimator.Fit(Texts());
        return Numbers(transformer.Transform(Texts()), "Features");
    }

    private void Check<TModel>(
        IEstimator<PerceiverTransformer<TModel>> estimator, IDataView data, string output, IDataView? predicted = null)
        where TModel : PerceiverPreTrainedModel
    {
        using var folder = new TemporaryFolder();
        var transformer = estimator.Fit(data);
        Assert.HasCount(2, transformer.TrainingResult!.Epochs);
        Assert.IsTrue(transformer.TrainingResult.Epochs.All(e => double.IsFinite(e.TrainingLoss)));
        predicted ??= data;
        float[] expected = Numbers(transformer.Transform(predicted), output);
        Assert.IsTrue(expected.All(float.IsFinite));
        _context.Model.Save(transformer, data.Schema, folder["model.zip"]);
        transformer.Dispose();

        var loaded = new MLContext().Model.LoadPerceiver(folder["model.zip"], out _);
        TinyModels.AssertSame(expected, Numbers(loaded.Transform(predicted), output));
        ((IDisposable)loaded).Dispose();
    }

    private static float[] Numbers(IDataView data, string column) =>
        data.Schema[column].Type is VectorDataViewType
            ? [.. data.GetColumn<float[]>(column).SelectMany(row => row)]
            : [.. data.GetColumn<float>(column)];

    private IDataView Texts()
    {
        var rows = _context.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new TextRow
        {
            Text = i % 2 == 0 ? "hello world" : "jolly night",
            Label = i % 2 == 0 ? "a" : "b",
            Number = i % 2,
            Words = ["one", i % 2 == 0 ? "two" : "22"],
            WordLabels = ["word", i % 2 == 0 ? "word" : "number"],
        }));
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_context.Transforms.Conversion.MapValueToKey("Tags", "WordLabels"))
            .Fit(rows).Transform(rows);
    }

    private sealed class TextRow
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public float Number { get; set; }

        public string[] Words { get; set; } = [];

        public string[] WordLabels { get; set; } = [];
    }
}
