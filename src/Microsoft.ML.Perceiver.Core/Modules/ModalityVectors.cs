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

    /// <summary>A sequence made as wide as all modalities are together.</summary>
    /// <param name="modality">Whose vector stands behind each of the sequence's.</param>
    /// <param name="x">[batch, positions, channels].</param>
    /// <returns>[batch, positions, common channels].</returns>
    internal Tensor Pad(string modality, Tensor x)
    {
        using var scope = NewDisposeScope();
        return cat([x.to(Of(modality).dtype), Of(modality).unsqueeze(0).expand(x.shape[0], x.shape[1], -1)], -1).MoveToOuterDisposeScope();
    }
}
