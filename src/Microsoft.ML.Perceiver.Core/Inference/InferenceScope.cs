using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How predictions run: without gradients, and with all tensors released at the end.</summary>
internal static class InferenceScope
{
    /// <summary>Computes something in inference mode.</summary>
    /// <param name="compute">The computation. Tensors that it returns must be moved to the outer dispose scope by itself.</param>
    internal static T Run<T>(Func<T> compute)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return compute();
    }
}
