using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Multimodal;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>No stage can be exported to ONNX, and each says so, wherever it stands in a chain.</summary>
[TestClass]
public sealed class OnnxTests
{
    private static readonly PerceiverCheckpoint Checkpoint = PerceiverCheckpoint.FromConfig(TinyModels.Config.WithLabels(["a", "b"]), 3);

    private readonly MLContext _context = new(seed: 1);

    private IDataView Texts => _context.Data.LoadFromEnumerable([new Row()]);

    [TestMethod]
    public void Stages_of_texts()
    {
        Refused(_context.Transforms.PerceiverTextClassification(Checkpoint), Texts, nameof(PerceiverTextClassificationTransformer));
        Refused(_context.Transforms.PerceiverFillMask(Checkpoint), Texts, nameof(PerceiverFillMaskTransformer));
        Refused(_context.Transforms.PerceiverTokenClassification(Checkpoint), Texts, nameof(PerceiverTokenClassificationTransformer));
        Refused(_context.Transforms.PerceiverFeatures(Checkpoint), Texts, nameof(PerceiverFeaturesTransformer));
        Refused(_context.Transforms.PerceiverSentenceEmbedding(Checkpoint), Texts, nameof(PerceiverSentenceEmbeddingTransformer));
    }

    [TestMethod]
    public void Stages_of_images_and_videos()
    {
        Refused(
            _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint(), "Pixels"),
            _context.Data.LoadFromEnumerable(TinyImages.Rows(1)),
            nameof(PerceiverImageClassificationTransformer));
        Refused(
            _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint),
            _context.Data.LoadFromEnumerable(TinyClips.Rows(1)),
            nameof(PerceiverMultimodalTransformer));
    }

    [TestMethod]
    public void Before_a_stage_that_can_be_exported_and_before_one_that_cannot()
    {
        Refused(
            _context.Transforms.CopyColumns("Copy", "Text").Append(_context.Transforms.PerceiverTextClassification(Checkpoint))
                .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Append(_context.Transforms.CopyColumns("Last", "Score")),
            Texts,
            nameof(PerceiverTextClassificationTransformer));
        Refused(
            _context.Transforms.PerceiverTextClassification(Checkpoint)
                .Append(_context.Transforms.CustomMapping<Row, Mapped>((from, to) => to.Length = from.Text.Length, contractName: null)),
            Texts,
            nameof(PerceiverTextClassificationTransformer));
    }

    [TestMethod]
    public void A_chain_without_them_is_exported()
    {
        using var file = new MemoryStream();
        var data = _context.Data.LoadFromEnumerable([new Numbers()]);
        _context.Model.ConvertToOnnx(_context.Transforms.CopyColumns("B", "A").Fit(data), data, file);
        Assert.AreNotEqual(0, file.Length);
    }

    private void Refused(IEstimator<ITransformer> estimator, IDataView data, string name)
    {
        var model = estimator.Fit(data);
        using var file = new MemoryStream();
        var error = Assert.ThrowsExactly<NotSupportedException>(() => _context.Model.ConvertToOnnx(model, data, file));
        StringAssert.StartsWith(error.Message, $"{name} cannot be exported to ONNX by ConvertToOnnx");
        StringAssert.Contains(error.Message, "SaveAsOnnx");
        Assert.AreEqual(0, file.Length);
        ((IDisposable)model).Dispose();
    }

    private sealed class Row
    {
        public string Text { get; set; } = "a [MASK]";
    }

    private sealed class Mapped
    {
        public int Length { get; set; }
    }

    private sealed class Numbers
    {
        public float A { get; set; }
    }
}
