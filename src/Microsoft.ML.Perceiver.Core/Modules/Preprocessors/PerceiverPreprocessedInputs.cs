using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What a preprocessor hands to the encoder and to the decoder's query.</summary>
/// <param name="Inputs">[batch, inputs, channels], positions included.</param>
/// <param name="WithoutPositions">The same before the positions were put in, for decoders that repeat the input; null where there is none.</param>
/// <param name="ModalitySizes">The number of inputs of each modality by its name; null for a single one.</param>
public sealed record PerceiverPreprocessedInputs(Tensor Inputs, Tensor? WithoutPositions = null, IReadOnlyDictionary<string, int>? ModalitySizes = null)
{
    /// <summary>The inputs of each modality before the positions were put in, by its name; null for a single one.</summary>
    public IReadOnlyDictionary<string, Tensor>? ModalitiesWithoutPositions { get; init; }
}
