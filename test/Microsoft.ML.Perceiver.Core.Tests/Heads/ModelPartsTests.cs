using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>The parts of a model can be read, and run one by one they give what the model gives.</summary>
[TestClass]
public sealed class ModelPartsTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    [TestMethod]
    public void Parts_are_those_that_the_model_was_made_of()
    {
        var preprocessor = new PerceiverTextPreprocessor(Config);
        var decoder = new PerceiverProjectionDecoder(Config);
        var postprocessor = new PerceiverProjectionPostprocessor(Config.NumLabels, 3);
        using var model = new PerceiverModel(Config, decoder, preprocessor, postprocessor);
        Assert.AreSame(preprocessor, model.InputPreprocessor);
        Assert.AreSame(decoder, model.Decoder);
        Assert.AreSame(postprocessor, model.OutputPostprocessor);
        CollectionAssert.AreEqual(new long[] { 6, 16 }, model.Embeddings.Latents.shape);
        Assert.HasCount(2, model.Encoder.SelfAttends);
        Assert.IsTrue(model.Encoder.CrossAttention.parameters().Any());
        var ofEncoder = model.state_dict().Keys.Where(key => key.StartsWith("encoder.", StringComparison.Ordinal));
        CollectionAssert.AreEquivalent(ofEncoder.ToArray(), model.Encoder.state_dict().Keys.Select(key => "encoder." + key).ToArray());

        using var bare = new PerceiverModel(Config);
        Assert.IsNull(bare.InputPreprocessor);
        Assert.IsNull(bare.Decoder);
        Assert.IsNull(bare.OutputPostprocessor);
    }

    [TestMethod]
    public void Parts_run_one_by_one_give_the_models_output()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var model = new PerceiverForSequenceClassification(Config.WithLabels(3), seed: 4);
        var parts = model.Perceiver;
        var (ids, mask) = (TinyModels.Ids(2, 12), ones(2, 12));
        mask[1, 7..] = 0;
        var heads = tensor(new float[] { 1, 0 });
        var whole = model.forward(ids, mask, heads, outputAttentions: true, outputHiddenStates: true);

        var inputs = parts.InputPreprocessor!.forward(ids);
        var encoded = parts.Encoder.forward(
            parts.Embeddings.forward(), inputs.Inputs, mask, heads, outputAttentions: true, outputHiddenStates: true);
        var decoded = parts.Decoder!.forward(parts.Decoder.Query(inputs), encoded.LastHiddenState);
        TinyModels.AssertSame(whole.Logits, decoded.Logits);
        Assert.HasCount(whole.HiddenStates!.Count, encoded.HiddenStates!);
        for (int i = 0; i < encoded.HiddenStates!.Count; i++)
            TinyModels.AssertSame(whole.HiddenStates[i], encoded.HiddenStates[i]);
        Assert.HasCount(whole.Attentions!.Count, encoded.Attentions!);
        Assert.AreEqual(0f, encoded.Attentions![0][.., 1].abs().max().item<float>());
        TinyModels.AssertSame(whole.CrossAttentions![0], encoded.CrossAttentions!.Single());
        Assert.AreEqual(0f, encoded.CrossAttentions![0][1, .., .., 7..].abs().max().item<float>());
    }

    [TestMethod]
    public void The_encoder_alone_leaves_no_tensor_behind_and_names_a_wrong_shape()
    {
        using var inference = no_grad();
        using var model = new PerceiverModel(Config, seed: 4);
        using Tensor latents = model.Embeddings.forward(), inputs = TinyModels.Normal(1, 2, 5, 24), flat = inputs[0], mask = ones(2, 4);
        model.Encoder.forward(latents, inputs).Dispose();
        long before = TinyModels.TensorsBefore();
        model.Encoder.forward(latents, inputs, outputAttentions: true, outputHiddenStates: true).Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
        Assert.AreEqual("inputs", Assert.ThrowsExactly<ArgumentException>(() => model.Encoder.forward(latents, flat)).ParamName);
        Assert.ThrowsExactly<ArgumentException>(() => model.Encoder.forward(latents, inputs, mask));
    }

    [TestMethod]
    public void A_decoder_of_optical_flow_gives_two_channels_where_no_width_is_given()
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var options = new PerceiverBasicDecoderOptions
        {
            NumChannels = 10,
            PositionEncoding = new PerceiverPositionEncodingOptions { Kind = PerceiverPositionEncodingKind.None },
        };
        Assert.AreEqual(2, ChannelsOf(options));
        Assert.AreEqual(2, ChannelsOf(options with { UseQueryResidual = true }));
        Assert.AreEqual(1, ChannelsOf(options with { OutputNumChannels = 1 }));
        Assert.AreEqual(5, ChannelsOf(options with { OutputNumChannels = 5 }));
        Assert.AreEqual(1, options.OutputNumChannels);

        long ChannelsOf(PerceiverBasicDecoderOptions settings)
        {
            using var decoder = new PerceiverOpticalFlowDecoder(Config, [3, 4], settings);
            using var model = new PerceiverModel(Config with { ModelChannels = 10 }, decoder);
            return model.forward(TinyModels.Normal(1, 2, 12, 10)).Logits!.shape[^1];
        }
    }
}
