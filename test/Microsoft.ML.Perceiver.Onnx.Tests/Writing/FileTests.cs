using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Writing;

/// <summary>The files: all of them or none, with the weights inside or beside.</summary>
[TestClass]
public sealed class FileTests
{
    [TestMethod]
    public void Weights_beside_the_graph_are_the_same()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        var (ids, mask) = Exported.Texts(2, 7);
        foreach (var weights in Enum.GetValues<PerceiverOnnxWeights>())
        {
            var options = new PerceiverOnnxOptions { Weights = weights };
            PerceiverOnnx.Export(model, folder["one.onnx"], options);
            var files = PerceiverOnnx.Export(model, folder["two.onnx"], options with { ExternalData = true });
            CollectionAssert.AreEqual(new[] { folder["two.onnx.data"], folder["two.onnx"] }, files.ToArray());
            Assert.IsLessThan(new FileInfo(folder["one.onnx"]).Length / 2, new FileInfo(folder["two.onnx"]).Length);
            using var one = new OnnxSession(folder["one.onnx"]);
            using var two = new OnnxSession(folder["two.onnx"]);
            var inputs = new Dictionary<string, Tensor> { ["input_ids"] = ids, ["attention_mask"] = mask };
            OnnxTolerance.AssertClose(one.Run(inputs)["logits"], two.Run(inputs)["logits"], $"{weights}");
        }
    }

    [TestMethod]
    public void Weights_that_a_file_cannot_hold_are_beside_it()
    {
        const long largest = 20_000;
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        using var export = new OnnxExport(new PerceiverOnnxOptions().ToForm(model), ParameterNames.Of(model));
        model.ToOnnx(export);
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => new OnnxFiles(folder["model.onnx"], "model", externalData: false, largestLength: largest).Write(export.Graphs));
        Assert.Contains(nameof(PerceiverOnnxOptions.ExternalData), error.Message);
        Assert.IsEmpty(Directory.GetFileSystemEntries(folder.Path));

        new OnnxFiles(folder["model.onnx"], "model", externalData: null, largestLength: largest).Write(export.Graphs);
        Assert.IsTrue(File.Exists(folder["model.onnx.data"]));
        new OnnxSession(folder["model.onnx"]).Dispose();
    }

    [TestMethod]
    public void Two_files_for_a_model_that_is_decoded_in_parts()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForOpticalFlow(Exported.Config with { TrainSize = [6, 8] });
        var files = PerceiverOnnx.Export(model, folder["flow.onnx"]);
        CollectionAssert.AreEqual(new[] { folder["flow.encoder.onnx"], folder["flow.decoder.onnx"] }, files.ToArray());
        using var encoder = new OnnxSession(files[0]);
        using var decoder = new OnnxSession(files[1]);
        CollectionAssert.AreEqual(new[] { "inputs" }, encoder.Inputs.ToArray());
        CollectionAssert.AreEqual(new[] { "last_hidden_state", "inputs", "points" }, decoder.Inputs.ToArray());
        Assert.AreEqual("batch, points, 2", decoder.ShapeOf("logits"));
    }

    [TestMethod]
    public void A_model_is_written_the_same_again()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        PerceiverOnnx.Export(model, folder["one.onnx"]);
        PerceiverOnnx.Export(model, folder["two.onnx"]);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder["one.onnx"]), File.ReadAllBytes(folder["two.onnx"]));
    }

    [TestMethod]
    public void A_path_that_cannot_be_written_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForOpticalFlow(Exported.Config with { TrainSize = [6, 8] });
        // The second file's place is taken by a folder.
        Directory.CreateDirectory(folder["flow.decoder.onnx"]);
        var error = Assert.ThrowsExactly<IOException>(() => PerceiverOnnx.Export(model, folder["flow.onnx"]));
        Assert.Contains("flow.decoder.onnx", error.Message);
        CollectionAssert.AreEqual(new[] { folder["flow.decoder.onnx"] }, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void A_folder_that_cannot_be_made_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForMaskedLM(Exported.Config);
        File.WriteAllText(folder["file"], "no folder");
        Assert.Throws<IOException>(() => PerceiverOnnx.Export(model, Path.Combine(folder["file"], "model.onnx")));
        CollectionAssert.AreEqual(new[] { folder["file"] }, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void An_older_file_stays_where_writing_fails()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["model.onnx"], "older");
        using var model = new PerceiverForMaskedLM(Exported.Config, initialize: false);
        Assert.ThrowsExactly<InvalidOperationException>(() => PerceiverOnnx.Export(model, folder["model.onnx"]));
        Assert.AreEqual("older", File.ReadAllText(folder["model.onnx"]));
        Assert.HasCount(1, Directory.GetFileSystemEntries(folder.Path));
    }

    [TestMethod]
    public void Tensors_made_for_a_graph_are_released()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForImageClassificationFourier(Exported.Config.WithLabels(["a", "b"]) with
        {
            ImageSize = 6,
            QueryKeyChannels = 16,
        });
        PerceiverOnnx.Export(model, folder["model.onnx"]);
        long before = Microsoft.ML.Perceiver.Tests.Modules.TinyModels.TensorsBefore();
        PerceiverOnnx.Export(model, folder["model.onnx"], new PerceiverOnnxOptions { Weights = PerceiverOnnxWeights.Int8 });
        Assert.AreEqual(before, Tensor.TotalCount);
    }
}
