using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>What the multimodal parts refuse, and in which words.</summary>
[TestClass]
public sealed class MultimodalErrorTests
{
    [TestMethod]
    [DataRow("image", null, "The modality 'image' is missing")]
    [DataRow("audio", null, "The modality 'audio' is missing")]
    [DataRow("smell", "2,40,1", "There is no modality 'smell'; there are audio, image, label.")]
    [DataRow("audio", "2,41,1", "41 samples, which are no whole patches of 5")]
    [DataRow("audio", "1,40,1", "has a batch of")]
    [DataRow("image", "2,2,3,9,12", "cannot be cut into patches")]
    public void An_input_that_does_not_fit_is_refused(string name, string? shape, string message)
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config);
        var inputs = TinyVideos.Inputs(2);
        inputs.Remove(name);
        if (shape is not null)
            inputs[name] = rand(shape.Split(',').Select(n => long.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray());
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => model.Reconstruct(new PerceiverInputs(inputs))).Message, message);
    }

    [TestMethod]
    [DataRow("image", "2,2,3,8,11", "[batch, 2, 3, 8, 12]")]
    [DataRow("audio", "2,41", "[batch, 40]")]
    [DataRow("label", "2", "Int64 [2]")]
    [DataRow("smell", "2", "There is no target 'smell'")]
    public void A_target_that_does_not_fit_is_refused(string name, string shape, string message)
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config);
        var targets = new Dictionary<string, Tensor>
        {
            [name] = rand(shape.Split(',').Select(n => long.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).ToArray()),
        };
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => model.forward(new PerceiverInputs(TinyVideos.Inputs(2)), targets: new PerceiverInputs(targets)));
        StringAssert.Contains(error.Message, message);
    }

    [TestMethod]
    public void A_budget_and_points_are_checked()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config);
        var latents = rand(1, 6, 16);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Decode(latents, maxMemoryBytes: 0));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.Decode(rand(1, 6, 15))).Message, "[batch, latents, 16]");
        var points = new PerceiverInputs(new Dictionary<string, Tensor> { ["image"] = ones(3) });
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => model.Decode(latents, points)).Message, "need to be Int64 [points]");
    }

    [TestMethod]
    public void Numbers_of_a_configuration_that_do_not_fit_are_refused_by_their_key()
    {
        Refused(c => c with { SamplesPerPatch = 7 }, "samples_per_patch");
        Refused(c => c with { OutputShape = [1, 3, 8, 8] }, "num_frames");
        Refused(c => c with { OutputShape = [2, 8, 8] }, "output_shape");
        Refused(c => c with { AudioSamplesPerFrame = 0 }, "audio_samples_per_frame");

        static void Refused(Func<PerceiverConfig, PerceiverConfig> change, string key) =>
            StringAssert.Contains(
                Assert.ThrowsExactly<ArgumentException>(
                    () => new PerceiverForMultimodalAutoencoding(change(TinyVideos.Config), initialize: false)).Message,
                key);
    }

    [TestMethod]
    public void Modalities_and_masks_are_checked()
    {
        using var audio = new PerceiverAudioPreprocessor(
            new()
            {
                SamplesPerPatch = 1,
                PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(2, [20])),
            });
        Dictionary<string, PerceiverPreprocessor> one = new() { ["audio"] = audio };
        Assert.ThrowsExactly<ArgumentException>(() => new PerceiverMultimodalPreprocessor(new Dictionary<string, PerceiverPreprocessor>()));
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverMultimodalPreprocessor(new Dictionary<string, PerceiverPreprocessor> { ["a.b"] = audio }));
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverMultimodalPreprocessor(one, new Dictionary<string, double> { ["audio"] = 1.5 }));
        Assert.ThrowsExactly<ArgumentException>(
            () => new PerceiverMultimodalPreprocessor(one, new Dictionary<string, double> { ["image"] = 0.5 }));
        using var maskless = new PerceiverMultimodalPreprocessor(one);
        Assert.ThrowsExactly<ArgumentException>(
            () => maskless.TrainingMaskProbabilities = new Dictionary<string, double> { ["audio"] = 0.5 });
    }

    [TestMethod]
    public void Joined_outputs_need_their_sizes()
    {
        using var scope = NewDisposeScope();
        using var output = new PerceiverMultimodalPostprocessor(
            new Dictionary<string, PerceiverPostprocessor> { ["a"] = new PerceiverProjectionPostprocessor(4, 2) });
        PerceiverModuleParameters.Initialize(output);
        Assert.ThrowsExactly<ArgumentException>(() => output.forward(ones(1, 3, 4)));
        Assert.ThrowsExactly<ArgumentException>(() => output.forward(ones(1, 3, 4), new Dictionary<string, int> { ["a"] = 4 }));
        Assert.ThrowsExactly<ArgumentException>(() => output.forward(ones(1, 3, 4), new Dictionary<string, int> { ["b"] = 3 }));
        using var model = new PerceiverModel(TinyModels.Config, new PerceiverProjectionDecoder(TinyModels.Config), null, output);
        Assert.ThrowsExactly<InvalidOperationException>(() => model.forward(ones(1, 3, 24)));
    }
}
