using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Heads;

/// <summary>Latents as features, and images of another size than that of the training.</summary>
[TestClass]
public sealed class FeatureTests
{
    [TestMethod]
    public void The_latents_of_texts()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var model = new PerceiverModel(Exported.Config, inputPreprocessor: new PerceiverTextPreprocessor(Exported.Config));
        var (ids, mask) = Exported.Texts(2, 6);
        var results = Exported.Run(model, null, ("input_ids", ids), ("attention_mask", mask));
        OnnxTolerance.AssertClose(model.Encode(ids, mask), results["last_hidden_state"], "latents");
    }

    [TestMethod]
    public void The_latents_of_images()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var options = new PerceiverImagePreprocessorOptions
        {
            PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(4, [6, 6])),
        };
        using var model = new PerceiverModel(Exported.Config, inputPreprocessor: new PerceiverImagePreprocessor(options));
        var pixels = TinyModels.Normal(3, 2, 3, 20, 28);
        var size = new PerceiverOnnxOptions { ImageSize = new PerceiverImageSize(20, 28) };
        var results = Exported.Run(model, size, ("pixel_values", pixels));
        OnnxTolerance.AssertClose(model.Encode(pixels), results["last_hidden_state"], "latents");
    }

    [TestMethod]
    public void Trained_positions_are_stretched_over_images_of_another_size()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var config = Exported.Config.WithLabels(["a", "b", "c"]) with { ImageSize = 6 };
        using var model = new PerceiverForImageClassificationLearned(config) { InterpolatePositions = true };
        var pixels = TinyModels.Normal(3, 2, 3, 9, 5);
        var size = new PerceiverOnnxOptions { ImageSize = new PerceiverImageSize(9, 5) };
        var results = Exported.Run(model, size, ("pixel_values", pixels));
        OnnxTolerance.AssertClose(model.forward(pixels).Logits, results["logits"], "logits");
    }

    [TestMethod]
    public void Images_have_the_size_of_the_training_where_no_option_says_otherwise()
    {
        using var folder = new TemporaryFolder();
        using var model = new PerceiverForImageClassificationLearned(Exported.Config.WithLabels(["a", "b"]) with { ImageSize = 6 });
        PerceiverOnnx.Export(model, folder["model.onnx"]);
        using var session = new OnnxSession(folder["model.onnx"]);
        Assert.AreEqual("batch, 3, 6, 6", session.ShapeOf("pixel_values"));
        Assert.AreEqual("batch, 2", session.ShapeOf("logits"));
        Assert.DoesNotContain("attention_mask", session.Inputs);
    }
}
