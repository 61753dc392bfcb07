using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Splits the joined output of several modalities in the order of their names and runs each modality's own postprocessor (reference class
/// <c>PerceiverMultimodalPostprocessor</c>, keys <c>modalities.{name}</c>).
/// </summary>
public sealed class PerceiverMultimodalPostprocessor : PerceiverPostprocessor
{
    [ComponentName(Name = "modalities")] private readonly ModalityParts<PerceiverPostprocessor> _modalities;

    /// <summary>Makes a postprocessor.</summary>
    /// <param name="modalities">The postprocessor of each modality by its name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="modalities"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no modality.</exception>
    public PerceiverMultimodalPostprocessor(IReadOnlyDictionary<string, PerceiverPostprocessor> modalities)
        : base(nameof(PerceiverMultimodalPostprocessor))
    {
        _modalities = new ModalityParts<PerceiverPostprocessor>(modalities, nameof(modalities));
        RegisterComponents();
    }

    /// <summary>Not supported: a joined output cannot be split without the sizes.</summary>
    /// <param name="decoded">Ignored.</param>
    /// <returns>Nothing: it always throws.</returns>
    /// <exception cref="ArgumentException">Always, as in the reference: the sizes are needed.</exception>
    public override Tensor forward(Tensor decoded) =>
        throw new ArgumentException(
            "The output of several modalities can only be split by the number of each modality's queries.", nameof(decoded));

    /// <summary>Splits the joined output and turns each part into its modality's results.</summary>
    /// <param name="decoded">[batch, queries of all modalities, channels].</param>
    /// <param name="modalitySizes">
    /// The number of queries of each modality; outputs beyond their sum are ignored, as in the reference.
    /// </param>
    /// <returns>What each modality's postprocessor returns.</returns>
    /// <exception cref="ArgumentException">A modality is missing or unknown, or the sizes are more than there are outputs.</exception>
    public IReadOnlyDictionary<string, Tensor> forward(Tensor decoded, IReadOnlyDictionary<string, int> modalitySizes)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        ArgumentNullException.ThrowIfNull(modalitySizes);
        if (modalitySizes.Values.Sum() > decoded.shape[1])
        {
            throw new ArgumentException(
                $"There are {decoded.shape[1]} outputs, but the modalities' sizes make {modalitySizes.Values.Sum()}.",
                nameof(modalitySizes));
        }

        using var scope = NewDisposeScope();
        var parts = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        long start = 0;
        foreach (string name in modalitySizes.Keys.Order(StringComparer.Ordinal))
        {
            parts[name] = decoded.narrow(1, start, modalitySizes[name]);
            start += modalitySizes[name];
        }

        return Moved(forward(parts));
    }

    /// <summary>Turns the output of each modality into its results (the reference's <c>input_is_dict</c>).</summary>
    /// <param name="decoded">For each modality, [batch, queries, channels].</param>
    /// <returns>What each modality's postprocessor returns.</returns>
    /// <exception cref="ArgumentException">A modality is missing or unknown.</exception>
    public IReadOnlyDictionary<string, Tensor> forward(IReadOnlyDictionary<string, Tensor> decoded)
    {
        ArgumentNullException.ThrowIfNull(decoded);
        _modalities.RequireKnown(decoded.Keys, nameof(decoded));
        using var scope = NewDisposeScope();
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, postprocessor) in _modalities.Sorted)
        {
            if (!decoded.TryGetValue(name, out var part))
            {
                throw new ArgumentException(
                    $"There is no output of the modality '{name}'; there must be {_modalities.Names}.", nameof(decoded));
            }

            results[name] = postprocessor.forward(part);
        }

        return Moved(results);
    }

    /// <summary>As <see cref="forward(Tensor, IReadOnlyDictionary{string, int})"/>, in a graph.</summary>
    internal IReadOnlyDictionary<string, OnnxValue> ToOnnx(
        OnnxBuilder builder, OnnxValue decoded, IReadOnlyDictionary<string, OnnxDimension> modalitySizes)
    {
        var parts = new Dictionary<string, OnnxValue>(StringComparer.Ordinal);
        OnnxDimension start = 0;
        foreach (var (name, _) in _modalities.Sorted)
        {
            parts[name] = builder.Narrow(decoded, 1, start, modalitySizes[name]);
            start = builder.Sum(start, modalitySizes[name]);
        }

        return ToOnnx(builder, parts);
    }

    /// <summary>As <see cref="forward(IReadOnlyDictionary{string, Tensor})"/>, in a graph.</summary>
    internal IReadOnlyDictionary<string, OnnxValue> ToOnnx(OnnxBuilder builder, IReadOnlyDictionary<string, OnnxValue> decoded) =>
        _modalities.Sorted.ToDictionary(m => m.Key, m => m.Value.ToOnnx(builder, decoded[m.Key]), StringComparer.Ordinal);

    /// <summary>The postprocessor of one modality.</summary>
    internal PerceiverPostprocessor Of(string modality) => _modalities[modality];

    private static IReadOnlyDictionary<string, Tensor> Moved(IReadOnlyDictionary<string, Tensor> results)
    {
        foreach (var result in results.Values)
            result.MoveToOuterDisposeScope();
        return results;
    }
}
