using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns a decoder's output into a model's results. Derive from it for results of your own.</summary>
public abstract class PerceiverPostprocessor : nn.Module
{
    /// <summary>For derived classes.</summary>
    /// <param name="name">The module's name.</param>
    protected PerceiverPostprocessor(string name) : base(name)
    {
    }

    /// <summary>Turns a decoder's output into results.</summary>
    /// <param name="decoded">[batch, queries, channels].</param>
    /// <returns>The results; their shape is that of the postprocessor's modality.</returns>
    public abstract Tensor forward(Tensor decoded);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    /// <exception cref="NotSupportedException">The class says nothing of graphs, as those of users do.</exception>
    internal virtual OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue decoded) =>
        throw new NotSupportedException($"{GetType().Name} has no operators of ONNX.");
}
