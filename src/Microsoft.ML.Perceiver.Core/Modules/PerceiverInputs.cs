using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The inputs of a model: one tensor, or one for each modality by name. A tensor converts to it implicitly.</summary>
public readonly struct PerceiverInputs
{
    private readonly Tensor? _tensor;
    private readonly IReadOnlyDictionary<string, Tensor>? _modalities;

    /// <summary>One tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ArgumentNullException"><paramref name="tensor"/> is null.</exception>
    public PerceiverInputs(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        _tensor = tensor;
    }

    /// <summary>A tensor for each modality.</summary>
    /// <param name="modalities">The tensors by the modality's name.</param>
    /// <exception cref="ArgumentNullException"><paramref name="modalities"/> is null.</exception>
    public PerceiverInputs(IReadOnlyDictionary<string, Tensor> modalities)
    {
        ArgumentNullException.ThrowIfNull(modalities);
        _modalities = modalities;
    }

    /// <summary>The one tensor.</summary>
    /// <exception cref="ArgumentException">These are the inputs of several modalities, or none.</exception>
    public Tensor Tensor => _tensor ?? throw new ArgumentException("This part takes one tensor, not one for each modality.");

    /// <summary>The tensors by modality.</summary>
    /// <exception cref="ArgumentException">This is one tensor, or none.</exception>
    public IReadOnlyDictionary<string, Tensor> Modalities =>
        _modalities ?? throw new ArgumentException("This part takes a tensor for each modality, not one alone.");

    /// <summary>One tensor as the inputs.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The inputs.</returns>
    public static implicit operator PerceiverInputs(Tensor tensor) => new(tensor);

    /// <summary>The same as the conversion.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The inputs.</returns>
    public static PerceiverInputs FromTensor(Tensor tensor) => new(tensor);
}
