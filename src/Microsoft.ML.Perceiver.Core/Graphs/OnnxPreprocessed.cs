namespace Microsoft.ML.Perceiver;

/// <summary>The output of a preprocessor in a graph.</summary>
/// <param name="Inputs">[batch, inputs, channels], positions included.</param>
/// <param name="WithoutPositions">The same without positions; null where there is none.</param>
internal sealed record OnnxPreprocessed(OnnxValue Inputs, OnnxValue? WithoutPositions = null)
{
    /// <summary>The number of inputs of each modality by its name; null for a single one.</summary>
    internal IReadOnlyDictionary<string, OnnxDimension>? ModalitySizes { get; init; }

    /// <summary>The inputs of each modality without positions, by its name; null for a single one.</summary>
    internal IReadOnlyDictionary<string, OnnxValue>? ModalitiesWithoutPositions { get; init; }
}
