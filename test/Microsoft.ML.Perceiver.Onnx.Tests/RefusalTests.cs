using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests;

/// <summary>What cannot be exported is refused by name, and what looks different but is not is exported.</summary>
[TestClass]
public sealed class RefusalTests
{
    [TestMethod]
    public void Bfloat16_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        model.to(ScalarType.BFloat16);
        var error = Assert.ThrowsExactly<NotSupportedException>(() => PerceiverOnnx.Export(model, folder["model.onnx"]));
        Assert.Contains("BFloat16", error.Message);
        Assert.Contains("Float32", error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void A_part_of_the_users_own_is_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverModel(Exported.Config, inputPreprocessor: new OwnPreprocessor());
        var error = Assert.ThrowsExactly<NotSupportedException>(() => PerceiverOnnx.Export(model, folder["model.onnx"]));
        Assert.Contains(nameof(OwnPreprocessor), error.Message);
    }

    [TestMethod]
    [DataRow(12)]
    [DataRow(21)]
    public void An_operator_set_out_of_range_is_refused(int opset)
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => PerceiverOnnx.Export(model, folder["model.onnx"], new PerceiverOnnxOptions { Opset = opset }));
    }

    [TestMethod]
    public void Options_of_other_models_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForSequenceClassification(Exported.Config);
        PerceiverOnnxOptions[] wrong =
        [
            new() { ScorePositions = true },
            new() { ImageSize = new PerceiverImageSize(4) },
        ];
        foreach (var options in wrong)
            Assert.ThrowsExactly<ArgumentException>(() => PerceiverOnnx.Export(model, folder["model.onnx"], options));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverOnnx.Export(
            model, folder["model.onnx"], new PerceiverOnnxOptions { Weights = (PerceiverOnnxWeights)9 }));
        Assert.ThrowsExactly<ArgumentNullException>(() => PerceiverOnnx.Export(null!, folder["model.onnx"]));
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverOnnx.Export(model, ""));
    }

    [TestMethod]
    public void Prepared_frozen_and_trained_models_are_written_by_their_own_weights()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        byte[] Written()
        {
            PerceiverOnnx.Export(model, folder["model.onnx"]);
            return File.ReadAllBytes(folder["model.onnx"]);
        }

        byte[] expected = Written();
        model.ComputeIn(PerceiverPrecision.Int8);
        CollectionAssert.AreEqual(expected, Written(), "8-bit integers");
        model.UseOwnWeights();
        foreach (var layer in model.modules().OfType<PerceiverLayer>())
            layer.Prepare(PackedWeights.Instance);
        CollectionAssert.AreEqual(expected, Written(), "rearranged weights");
        foreach (var parameter in model.parameters())
            parameter.requires_grad = false;
        CollectionAssert.AreEqual(expected, Written(), "frozen");
        model.train();
        CollectionAssert.AreEqual(expected, Written(), "training mode");
    }

    [TestMethod]
    public void Mapped_weights_are_written_from_their_file()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        model.SavePretrained(folder["model"]);
        var checkpoint = PerceiverCheckpoint.FromDirectory(folder["model"]).WithMappedWeights();
        using var mapped = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        PerceiverOnnx.Export(model, folder["one.onnx"]);
        PerceiverOnnx.Export(mapped, folder["two.onnx"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["one.onnx"]), File.ReadAllBytes(folder["two.onnx"]));
    }

    private sealed class OwnPreprocessor : PerceiverPreprocessor
    {
        internal OwnPreprocessor() : base(nameof(OwnPreprocessor))
        {
        }

        public override int NumChannels => 24;

        public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs) => new(inputs.Tensor);
    }
}
