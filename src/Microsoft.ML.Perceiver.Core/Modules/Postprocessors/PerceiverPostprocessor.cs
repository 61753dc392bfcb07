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
}
