using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The output of a preprocessor, for the encoder and for the decoder's queries.</summary>
/// <param name="Inputs">[batch, inputs, channels], positions included.</param>
/// <param name="WithoutPositions">The same without positions, for decoders that repeat the input; null where there is none.</param>
/// <param name="ModalitySizes">The number of inputs of each modality by its name; null for a single one.</param>
public sealed record PerceiverPreprocessedInputs(
    Tensor Inputs, Tensor? WithoutPositions = null, IReadOnlyDictionary<string, int>? ModalitySizes = null)
{
    /// <summary>The inputs of each modality without positions, by its name; null for a single one.</summary>
    public IReadOnlyDictionary<string, Tensor>? ModalitiesWithoutPositions { get; init; }
}
