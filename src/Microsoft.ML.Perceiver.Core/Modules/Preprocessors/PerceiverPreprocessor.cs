using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns a kind of input into a sequence of vectors for the encoder. Derive from it to give <see cref="PerceiverModel"/> an input of your
/// own (reference class <c>AbstractPreprocessor</c>).
/// </summary>
public abstract class PerceiverPreprocessor : nn.Module
{
    /// <summary>For derived classes.</summary>
    /// <param name="name">The module's name.</param>
    protected PerceiverPreprocessor(string name) : base(name)
    {
    }

    /// <summary>Width of the vectors that <see cref="forward"/> returns.</summary>
    public abstract int NumChannels { get; }

    /// <summary>Turns an input into a sequence of vectors.</summary>
    /// <param name="inputs">The input, in the shape that the derived class documents.</param>
    /// <returns>The vectors, [batch, inputs, channels], and the sizes of the modalities.</returns>
    /// <exception cref="ArgumentException">The input does not have that shape.</exception>
    public abstract PerceiverPreprocessedInputs forward(PerceiverInputs inputs);

    /// <summary>The inputs of a graph for what <see cref="forward"/> takes.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="extents">Extents that do not change.</param>
    /// <param name="name">The input's name; null for the usual one.</param>
    /// <exception cref="NotSupportedException">The class says nothing of graphs, as those of users do.</exception>
    internal virtual OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null) =>
        throw new NotSupportedException($"{GetType().Name} has no operators of ONNX.");

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    /// <exception cref="NotSupportedException">The class says nothing of graphs, as those of users do.</exception>
    internal virtual OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs) =>
        throw new NotSupportedException($"{GetType().Name} has no operators of ONNX.");
}
