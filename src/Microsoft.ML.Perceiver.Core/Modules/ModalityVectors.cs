using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>One trainable vector for each modality, key <c>{modality}</c> (reference: a <c>ParameterDict</c>).</summary>
internal sealed class ModalityVectors : PerceiverParameterModule
{
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    internal ModalityVectors(IEnumerable<(string Modality, int Channels)> widths) : base(nameof(ModalityVectors))
    {
        foreach (var (modality, channels) in widths)
        {
            _indices[modality] = _indices.Count;
            Declare(modality, ParameterRole.Embedding, 1, channels);
        }
    }

    internal bool Has(string modality) => _indices.ContainsKey(modality);

    /// <summary>The vector of a modality, [1, channels].</summary>
    internal Tensor Of(string modality) => this[_indices[modality]];

    /// <summary>A sequence padded to the width that all modalities have.</summary>
    /// <param name="modality">The modality whose vector is put after each vector of the sequence.</param>
    /// <param name="x">[batch, positions, channels].</param>
    /// <returns>[batch, positions, common channels].</returns>
    internal Tensor Pad(string modality, Tensor x)
    {
        using var scope = NewDisposeScope();
        return cat([x.to(Of(modality).dtype), Of(modality).unsqueeze(0).expand(x.shape[0], x.shape[1], -1)], -1).MoveToOuterDisposeScope();
    }

    /// <summary>The vector of a modality for each position of a sequence, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, string modality, OnnxValue x)
    {
        var vector = builder.Unsqueeze(builder.Parameter(Of(modality)), 0);
        return builder.Expand(vector, x[0], x[1], vector[2]);
    }

    /// <summary>As <see cref="Pad"/>, in a graph.</summary>
    internal OnnxValue PadToOnnx(OnnxBuilder builder, string modality, OnnxValue x) =>
        builder.Concat(-1, x, ToOnnx(builder, modality, x));
}
