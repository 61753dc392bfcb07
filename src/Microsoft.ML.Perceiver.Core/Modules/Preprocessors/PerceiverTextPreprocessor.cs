using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns token ids into embeddings plus trainable positions (reference class <c>PerceiverTextPreprocessor</c>; keys
/// <c>embeddings.weight</c> and <c>position_embeddings.weight</c>), and the vectors of the runs of tokens that end at each token where the
/// configuration has <see cref="PerceiverConfig.Ngrams"/>.
/// </summary>
public sealed class PerceiverTextPreprocessor : PerceiverPreprocessor
{
    [ComponentName(Name = "embeddings")] private readonly PerceiverLookup _embeddings;
    [ComponentName(Name = "position_embeddings")] private readonly PerceiverLookup _positions;
    [ComponentName(Name = "ngrams")] private readonly NgramEmbeddings? _ngrams;
    private readonly int _longest;

    /// <summary>
    /// Makes the preprocessor of a configuration: vocabulary, longest text and <see cref="PerceiverConfig.ModelChannels"/>.
    /// </summary>
    /// <param name="config">The configuration.</param>
    /// <exception cref="ArgumentNullException"><paramref name="config"/> is null.</exception>
    public PerceiverTextPreprocessor(PerceiverConfig config) : base(nameof(PerceiverTextPreprocessor))
    {
        ArgumentNullException.ThrowIfNull(config);
        NumChannels = config.ModelChannels;
        _longest = config.MaxPositionEmbeddings;
        _embeddings = new PerceiverLookup(config.VocabularySize, NumChannels);
        _positions = new PerceiverLookup(config.MaxPositionEmbeddings, NumChannels);
        _ngrams = config.Ngrams is { } ngrams ? new NgramEmbeddings(ngrams, config.VocabularySize, NumChannels) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumChannels { get; }

    /// <summary>The token embeddings, [vocabulary, channels], which a masked language model uses in its decoder too.</summary>
    public Tensor TokenEmbeddings => _embeddings.Weight;

    /// <summary>Embeds token ids.</summary>
    /// <param name="inputs">
    /// Ids, int64 or int32 [batch, tokens], at most <see cref="PerceiverConfig.MaxPositionEmbeddings"/> tokens.
    /// </param>
    /// <returns>[batch, tokens, channels] with and without positions.</returns>
    /// <exception cref="ArgumentException">The ids have another rank or type, are none, too many, or beyond the vocabulary.</exception>
    public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs)
    {
        var ids = inputs.Tensor;
        if (ids.dim() != 2)
            throw new ArgumentException($"Token ids have {ids.dim()} dimensions; they need two, [batch, tokens].", nameof(inputs));
        if (ids.dtype is not (ScalarType.Int64 or ScalarType.Int32))
            throw new ArgumentException($"Token ids are of type {ids.dtype}; they need to be Int64 or Int32.", nameof(inputs));
        if (ids.NumberOfElements == 0)
        {
            throw new ArgumentException(
                $"Token ids are [{ids.shape[0]}, {ids.shape[1]}]; a batch needs at least one text of at least one token.", nameof(inputs));
        }

        if (ids.shape[1] > _longest)
        {
            throw new ArgumentException(
                $"The text has {ids.shape[1]} tokens; this model takes at most {_longest} (max_position_embeddings).", nameof(inputs));
        }

        RequireKnown(ids);
        var embedded = _embeddings.forward(ids);
        if (_ngrams is not null)
            embedded = embedded.Plus(_ngrams.forward(ids));
        return new PerceiverPreprocessedInputs(embedded.Plus(_positions.Weight[TensorIndex.Slice(0, ids.shape[1])]), embedded);
    }

    /// <inheritdoc/>
    internal override OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null) =>
        builder.Input(name ?? "input_ids", OnnxElement.Int64, "batch", "tokens");

    /// <inheritdoc/>
    internal override OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var ids = inputs.Value;
        var embedded = _embeddings.ToOnnx(builder, ids);
        if (_ngrams is not null)
            embedded = builder.Plus(embedded, _ngrams.ToOnnx(builder, ids));
        var positions = builder.Narrow(builder.Parameter(_positions.Weight), 0, 0, ids[1]);
        return new OnnxPreprocessed(builder.Plus(embedded, positions), embedded);
    }

    // On a GPU an id beyond the table would end the process's use of the device.
    private void RequireKnown(Tensor ids)
    {
        if (ids.is_meta)
            return;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        long entries = _embeddings.Weight.shape[0];
        var unknown = ids.lt(Scalars.Kept(0)).logical_or(ids.ge(Scalars.Kept(entries)));
        if (!unknown.any().item<bool>())
            return;
        long id = ids.masked_select(unknown)[0].to(ScalarType.Int64).item<long>();
        throw new ArgumentException($"{id} is no token id of this model; its ids go from 0 to {entries - 1} (vocab_size).", "inputs");
    }
}
