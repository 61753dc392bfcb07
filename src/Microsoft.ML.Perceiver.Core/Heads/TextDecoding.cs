using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The parts of a head that decodes an output for tokens of a text. They belong to the model; like <see cref="Unregistered{T}"/>, this
/// keeps TorchSharp from registering them a second time.
/// </summary>
/// <param name="Model">The encoder with both.</param>
/// <param name="Preprocessor">Embeds the tokens.</param>
/// <param name="Decoder">Has a query for each position.</param>
internal readonly record struct TextDecoding(PerceiverModel Model, PerceiverTextPreprocessor Preprocessor, PerceiverBasicDecoder Decoder)
{
    /// <summary>Makes the parts without weights.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="useQueryResidual">Whether the decoder adds the query to its output.</param>
    internal static TextDecoding Create(PerceiverConfig config, bool useQueryResidual = false)
    {
        var preprocessor = new PerceiverTextPreprocessor(config);
        var options = PerceiverBasicDecoderOptions.ForText(config) with { UseQueryResidual = useQueryResidual };
        var decoder = new PerceiverBasicDecoder(config, options);
        return new TextDecoding(new PerceiverModel(config, decoder, preprocessor, initialize: false), preprocessor, decoder);
    }

    /// <summary>The outputs of queries [batch, points, channels] for texts, int64 [batch, tokens].</summary>
    internal Tensor Decode(Tensor query, Tensor inputIds, Tensor? attentionMask) =>
        Decoder.forward(query, Model.Encode(inputIds, attentionMask)).Logits;
}
