using Microsoft.ML.Perceiver.Tests.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>The multimodal autoencoder beyond the golden cases: points, chunks, the folded decoder, the loss.</summary>
[TestClass]
public sealed class MultimodalTests
{
    [TestMethod]
    [DataRow("gelu", "q", 1L)]
    [DataRow("relu", "kv", 20_000L)]
    [DataRow("gelu", "kv", null)]
    public void A_reconstruction_equals_a_forward_of_every_point(string activation, string shape, long? budget)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForMultimodalAutoencoding(
            TinyVideos.Config with { HiddenActivation = activation, CrossAttentionShape = shape }, seed: 2);
        // Biases of zero and scales of one would hide a mistake in folding them.
        foreach (var parameter in model.parameters())
            parameter.add_(randn_like(parameter) * 0.1);
        var inputs = new PerceiverInputs(TinyVideos.Inputs(3));
        using var whole = model.Reconstruct(inputs, budget);
        using var points = model.forward(inputs);
        CollectionAssert.AreEqual(new long[] { 3, TinyVideos.Frames, 3, TinyVideos.Height, TinyVideos.Width }, whole.Image.shape);
        CollectionAssert.AreEqual(new long[] { 3, TinyVideos.Samples }, whole.Audio.shape);
        CollectionAssert.AreEqual(new long[] { 3, 3 }, whole.Label.shape);
        var image = points.Image.view(3, TinyVideos.Frames, TinyVideos.Height, TinyVideos.Width, 3).permute(0, 1, 4, 2, 3);
        TinyModels.AssertSame(image, whole.Image);
        TinyModels.AssertSame(points.Audio, whole.Audio);
        TinyModels.AssertSame(points.Label, whole.Label);
        Assert.IsGreaterThan(0.01f, (image[0] - image[1]).abs().max().item<float>(), "the inputs make no difference");
    }

    [TestMethod]
    public void Points_are_decoded_from_the_latents_in_chunks()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config, seed: 2);
        var inputs = new PerceiverInputs(TinyVideos.Inputs(2));
        var points = new PerceiverInputs(
            new Dictionary<string, Tensor> { ["image"] = tensor(new long[] { 100, 3, 191, 3 }), ["audio"] = tensor(new long[] { 7, 0 }) });
        var latents = model.Encode(inputs);
        using var expected = model.forward(inputs, subsampledOutputPoints: points);
        CollectionAssert.AreEqual(new long[] { 2, 4, 3 }, expected.Image.shape);
        CollectionAssert.AreEqual(new long[] { 2, 10 }, expected.Audio.shape);
        foreach (long? budget in new long?[] { 1, 8000, null })
        {
            using var chunks = model.Decode(latents, points, budget);
            TinyModels.AssertSame(expected.Image, chunks.Image);
            TinyModels.AssertSame(expected.Audio, chunks.Audio);
            TinyModels.AssertSame(expected.Label, chunks.Label);
        }
    }

    [TestMethod]
    public void Bfloat16_weights_reconstruct_in_float32()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config, seed: 2);
        var inputs = TinyVideos.Inputs(1);
        using var expected = model.Reconstruct(new PerceiverInputs(inputs));
        double image = RoundingNoise.Of(model, PerceiverPrecision.BFloat16, () => model.Reconstruct(new PerceiverInputs(inputs)).Image);
        double audio = RoundingNoise.Of(model, PerceiverPrecision.BFloat16, () => model.Reconstruct(new PerceiverInputs(inputs)).Audio);
        model.to(ScalarType.BFloat16);
        using var reduced = model.Reconstruct(new PerceiverInputs(inputs.ToDictionary(i => i.Key, i => i.Value.to(ScalarType.BFloat16))));
        Assert.AreEqual(ScalarType.Float32, reduced.Image.dtype);
        Assert.IsLessThan(image, RoundingNoise.RootMeanSquare(expected.Image, reduced.Image));
        Assert.IsLessThan(audio, RoundingNoise.RootMeanSquare(expected.Audio, reduced.Audio));
    }

    [TestMethod]
    public void A_cancelled_reconstruction_stops()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => model.Reconstruct(new PerceiverInputs(TinyVideos.Inputs(1)), null, new CancellationToken(canceled: true)));
    }

    [TestMethod]
    public void The_label_of_the_input_is_masked()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config);
        var inputs = TinyVideos.Inputs(1);
        var latents = model.Encode(new PerceiverInputs(inputs));
        inputs["label"] = tensor(new float[] { 0, 1, 0 }, 1, 3);
        Assert.AreEqual(0f, TinyModels.MaxDifference(latents, model.Encode(new PerceiverInputs(inputs))));
        // Training may show it.
        model.train();
        model.Preprocessor.TrainingMaskProbabilities = new Dictionary<string, double> { ["label"] = 0 };
        Assert.AreNotEqual(
            0f, TinyModels.MaxDifference(model.Preprocessor.forward(new PerceiverInputs(inputs)).Inputs, Preprocessed(model, inputs)));
        model.eval();
        Assert.AreEqual(0f, TinyModels.MaxDifference(latents, model.Encode(new PerceiverInputs(inputs))));

        static Tensor Preprocessed(PerceiverForMultimodalAutoencoding model, Dictionary<string, Tensor> inputs)
        {
            inputs["label"] = zeros(1, 3);
            return model.Preprocessor.forward(new PerceiverInputs(inputs)).Inputs;
        }
    }

    [TestMethod]
    public void Some_of_the_positions_are_masked_at_a_fraction()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var audio = new PerceiverAudioPreprocessor(
            new()
            {
                SamplesPerPatch = 1,
                PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(2, [2000])),
            });
        using var all = new PerceiverMultimodalPreprocessor(
            new Dictionary<string, PerceiverPreprocessor> { ["audio"] = audio }, new Dictionary<string, double> { ["audio"] = 0.25 });
        PerceiverModuleParameters.Initialize(all, 1, 0.3);
        var prepared = all.forward(new PerceiverInputs(new Dictionary<string, Tensor> { ["audio"] = rand(2, 2000) })).Inputs;
        var mask = all.state_dict()["mask.audio"];
        double share = prepared.eq(mask).all(-1).to(ScalarType.Float32).mean().item<float>();
        Assert.AreEqual(0.25, share, 0.05);
    }

    [TestMethod]
    public void The_loss_is_the_weighted_sum_over_the_points_asked_for()
    {
        using var scope = NewDisposeScope();
        using var model = new PerceiverForMultimodalAutoencoding(TinyVideos.Config);
        var inputs = TinyVideos.Inputs(2);
        var targets = new Dictionary<string, Tensor>(inputs) { ["label"] = tensor(new long[] { 2, -100 }) };
        var image = tensor(new long[] { 0, 13, 190 });
        var points = new PerceiverInputs(new Dictionary<string, Tensor> { ["image"] = image, ["audio"] = tensor(new long[] { 1 }) });
        using var output = model.forward(
            new PerceiverInputs(inputs), subsampledOutputPoints: points, targets: new PerceiverInputs(targets), weights: new(2, 3, 0.5));
        var pixels = inputs["image"].permute(0, 1, 3, 4, 2).reshape(2, -1, 3).index_select(1, image);
        double expected = 2 * (output.Image - pixels).square().mean().item<float>()
            + 3 * (output.Audio - inputs["audio"].view(2, -1)[TensorIndex.Colon, TensorIndex.Slice(5, 10)]).square().mean().item<float>()
            - 0.5 * output.Label.log_softmax(-1)[0, 2].item<float>();
        Assert.AreEqual(expected, output.Loss!.item<float>(), 1e-5);
        output.Loss.backward();
        string[] without = model.named_parameters()
            .Where(p => p.parameter.grad is not { } g || g.abs().sum().item<float>() == 0)
            .Select(p => p.name)
            .ToArray();
        // Nothing of image and audio is masked here; a key's bias has no gradient but rounding.
        CollectionAssert.AreEquivalent(
            new[]
            {
                "perceiver.input_preprocessor.mask.audio",
                "perceiver.input_preprocessor.mask.image",
                "perceiver.input_preprocessor.padding.label",
            },
            without);
    }

    [TestMethod]
    public void A_video_decoder_works_in_a_model_of_the_users_own()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var decoder = new PerceiverBasicVideoAutoencodingDecoder(
            TinyModels.Config,
            [1, 2, 3, 4],
            new()
            {
                OutputNumChannels = 5,
                NumChannels = 15,
                PositionEncoding = PerceiverPositionEncodingOptions.ForFourier(new PerceiverFourierPositionOptions(2, [2, 3, 4])),
            });
        using var model = new PerceiverModel(TinyModels.Config, decoder);
        var output = model.forward(ones(2, 9, 24));
        CollectionAssert.AreEqual(new long[] { 2, 2, 3, 4, 5 }, output.Logits!.shape);
        var some = model.forward(ones(2, 9, 24), subsampledOutputPoints: tensor(new long[] { 3, 23 }));
        CollectionAssert.AreEqual(new long[] { 2, 2, 5 }, some.Logits!.shape);
    }
}
