namespace Microsoft.ML.Perceiver;

/// <summary>The inputs of a model in a graph: one value, or one for each modality by name.</summary>
/// <param name="One">The one value; null for several modalities.</param>
/// <param name="Modalities">The values by modality; null for one value.</param>
internal readonly record struct OnnxInputs(OnnxValue? One, IReadOnlyDictionary<string, OnnxValue>? Modalities)
{
    /// <summary>Which inputs are read, [batch, inputs], where the graph computes it; null where it is an input of its own.</summary>
    internal OnnxValue? Mask { get; init; }

    /// <summary>The one value.</summary>
    /// <exception cref="ArgumentException">These are the inputs of several modalities.</exception>
    internal OnnxValue Value => One ?? throw new ArgumentException("This part takes one value, not one for each modality.");

    /// <summary>The value of a modality.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal OnnxValue Of(string modality) => Modalities is not null && Modalities.TryGetValue(modality, out var value)
        ? value
        : throw new ArgumentException($"The modality '{modality}' is missing.");

    /// <summary>The value of a modality; null where there is none.</summary>
    internal OnnxValue? Find(string modality) => Modalities?.GetValueOrDefault(modality);

    public static implicit operator OnnxInputs(OnnxValue value) => new(value, null);
}
