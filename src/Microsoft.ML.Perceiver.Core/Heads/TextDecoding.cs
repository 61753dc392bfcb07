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

    /// <summary>The outputs of a query for each token, made of its position and its embedding, [batch, tokens, channels].</summary>
    internal Tensor DecodeTokens(Tensor inputIds, Tensor? attentionMask) =>
        Decode(TokenQueries(Preprocessor.forward(inputIds)), inputIds, attentionMask);

    /// <summary>A query for each token of texts, [batch, tokens, channels].</summary>
    /// <param name="embedded">What the preprocessor made of the texts.</param>
    internal Tensor TokenQueries(PerceiverPreprocessedInputs embedded)
    {
        var tokens = embedded.WithoutPositions!;
        return tokens.Plus(Decoder.QueryAt(TensorNumbers.Indices(tokens.shape[1], ScalarType.Int64, tokens.device).unsqueeze(0)));
    }

    /// <summary>As <see cref="PerceiverModel.AttentionMap"/>, for the queries of some tokens.</summary>
    /// <param name="inputIds">Token ids, int64 [batch, tokens].</param>
    /// <param name="positions">The tokens, int64 [batch, points].</param>
    /// <param name="attentionMask">[batch, tokens]; null reads all.</param>
    /// <param name="kind">Which attentions count.</param>
    internal Tensor AttentionOfTokens(Tensor inputIds, Tensor positions, Tensor? attentionMask, PerceiverAttentionKind kind)
    {
        var decoding = this;
        return Model.AttentionOf(inputIds, attentionMask, kind, embedded =>
        {
            var queries = decoding.TokenQueries(embedded);
            return queries.gather(1, positions.unsqueeze(-1).expand(-1, -1, queries.shape[2]));
        });
    }

    /// <summary>As <see cref="DecodeTokens"/>, in a graph.</summary>
    internal OnnxValue DecodeTokensToOnnx(OnnxBuilder builder, OnnxEncoded encoded)
    {
        var positions = builder.Unsqueeze(Decoder.QueryAtToOnnx(builder, builder.Range(encoded.Inputs.Value[1])), 0);
        return Decoder.ToOnnx(builder, builder.Plus(encoded.Preprocessed.WithoutPositions!, positions), encoded.Latents);
    }

    /// <summary>The outputs of queries [batch, points, channels] for texts, int64 [batch, tokens].</summary>
    internal Tensor Decode(Tensor query, Tensor inputIds, Tensor? attentionMask) =>
        Decoder.forward(query, Model.Encode(inputIds, attentionMask)).Logits;
}
