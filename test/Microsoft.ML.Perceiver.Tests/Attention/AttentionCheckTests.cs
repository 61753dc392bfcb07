using Microsoft.ML.Perceiver.Tests.ArrayClassification;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Attention;

/// <summary>Every stage that has a column of attention maps, with that column, through the one common check.</summary>
[TestClass]
public sealed class AttentionCheckTests
{
    private const string Column = "Attention";
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Text_classification() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTextClassification(new PerceiverTextClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config.WithLabels(["ham", "spam", "ü"]), 3),
            AttentionColumnName = Column,
            BatchSize = 2,
        }),
        Texts("a", "a longer text", "日本", "[MASK] one more text", new string('x', 60)),
        WithoutText(),
        "Score", "PredictedLabel", Column);

    [TestMethod]
    public void Fill_mask() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverFillMask(new PerceiverFillMaskOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3),
            AttentionColumnName = Column,
            AttentionKind = PerceiverAttentionKind.CrossAttentions,
            BatchSize = 2,
        }),
        Texts("a [MASK] b", "[MASK][MASK]", "long text with [MASK], [MASK]", "é[MASK]"),
        WithoutText(),
        "FilledText", "Fillings", "LogProbabilities", Column);

    [TestMethod]
    public void Token_classification() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverTokenClassification(new PerceiverTokenClassificationOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config.WithLabels(["O", "B-NUM", "I-NUM"]), 3),
            AttentionColumnName = Column,
        }),
        Texts("a 1", "two  22 é", "x", "  ", string.Join(' ', Enumerable.Repeat("words", 12))),
        WithoutText(),
        "PredictedLabel", "Score", "Spans", "SpanLabels", Column);

    [TestMethod]
    public void Question_answering() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverQuestionAnswering(new PerceiverQuestionAnsweringOptions
        {
            Checkpoint = PerceiverCheckpoint.FromConfig(Config, 3),
            AttentionColumnName = Column,
        }),
        _context.Data.LoadFromEnumerable(new[]
        {
            new { Question = "which?", Context = "one of 12 é parts" },
            new { Question = "", Context = "" },
            new { Question = "where", Context = new string('x', 90) + " y" },
        }),
        [_context.Data.LoadFromEnumerable([new { Question = "a" }])],
        "PredictedAnswer", "Score", Column);

    [TestMethod]
    [DataRow("ConvProcessing")]
    [DataRow("Fourier")]
    [DataRow("Learned")]
    public void Image_classification(string head) => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = TinyImages.Checkpoint(head),
            ImageColumnName = "Pixels",
            AttentionColumnName = Column,
            BatchSize = 2,
        }),
        _context.Data.LoadFromEnumerable(TinyImages.Rows(5)),
        [_context.Data.LoadFromEnumerable([new { Other = 1f }])],
        "Score", "PredictedLabel", Column);

    [TestMethod]
    [DataRow("Any", 1)]
    [DataRow("Six", 3)]
    [DataRow("Film", 3)]
    [DataRow("Six A B", 1)]
    public void Array_classification(string columns, int channels) => EstimatorCheck.Run(
        _context,
        _context.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            FeatureColumnNames = columns.Split(' '),
            LabelColumnName = "Key",
            Channels = channels,
            Checkpoint = ArrayData.Checkpoint,
            Training = new() { Epochs = 1, BatchSize = 4 },
            BatchSize = 3,
            AttentionColumnName = Column,
        }),
        ArrayData.Keyed(_context, 9),
        [ArrayData.Rows(_context, 3)],
        "Score", "PredictedLabel", Column);

    [TestMethod]
    public void Two_classes_of_arrays() => EstimatorCheck.Run(
        _context,
        _context.BinaryClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
        {
            FeatureColumnNames = ["Grid"],
            Patch = [2, 3],
            LabelColumnName = "Truth",
            Checkpoint = ArrayData.Checkpoint,
            Training = new() { Epochs = 1, BatchSize = 4 },
            AttentionColumnName = Column,
        }),
        ArrayData.Rows(_context, 9),
        [_context.Data.LoadFromEnumerable([new { Truth = true }])],
        "Score", "Probability", "PredictedLabel", Column);

    [TestMethod]
    public void Videos_of_one_length() => EstimatorCheck.Run(
        _context,
        _context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = TinyClips.Checkpoint,
            AttentionColumnName = Column,
        }),
        _context.Data.LoadFromEnumerable(TinyClips.Rows(3)),
        [_context.Data.LoadFromEnumerable([new TinyClips.AudioRow()])],
        "ReconstructedFrames", "ReconstructedAudio", "Score", "PredictedLabel", Column);

    [TestMethod]
    public void Videos_of_unequal_length()
    {
        var random = new Random(2);
        TinyClips.FreeClip[] rows = [.. new[] { 2, 5, 4 }.Select(frames =>
        {
            var (pixels, samples) = TinyClips.Make(random, frames == 5, frames);
            return new TinyClips.FreeClip { Frames = pixels, Audio = samples };
        })];
        EstimatorCheck.Run(
            _context,
            _context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
            {
                Checkpoint = TinyClips.Checkpoint,
                BatchSize = 2,
                AttentionColumnName = Column,
            }),
            _context.Data.LoadFromEnumerable(rows),
            [_context.Data.LoadFromEnumerable([new TinyClips.AudioRow()])],
            "Score", Column);
    }

    private IDataView Texts(params string[] texts) => _context.Data.LoadFromEnumerable(texts.Select(text => new { Text = text }));

    private IDataView[] WithoutText() =>
        [_context.Data.LoadFromEnumerable([new { Other = "a" }]), _context.Data.LoadFromEnumerable([new { Text = 1f }])];
}
