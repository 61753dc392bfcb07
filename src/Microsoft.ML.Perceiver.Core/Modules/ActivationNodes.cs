namespace Microsoft.ML.Perceiver;

/// <summary>The functions of <see cref="Activations"/> as operators of a graph.</summary>
internal static class ActivationNodes
{
    private static readonly Dictionary<string, Func<OnnxBuilder, OnnxValue, OnnxValue>> ByName = new(StringComparer.Ordinal)
    {
        ["gelu"] = (b, x) => b.Gelu(x),
        ["gelu_python"] = (b, x) => b.Gelu(x),
        ["gelu_new"] = (b, x) => b.TanhGelu(x),
        ["gelu_fast"] = (b, x) => b.TanhGelu(x),
        ["gelu_accurate"] = (b, x) => b.TanhGelu(x),
        ["gelu_pytorch_tanh"] = (b, x) => b.TanhGelu(x),
        ["gelu_10"] = (b, x) => b.Clamp(b.Gelu(x), -10, 10),
        ["quick_gelu"] = (b, x) => b.Multiply(x, b.Sigmoid(b.Multiply(x, b.Scalar(1.702)))),
        ["laplace"] = Laplace,
        ["leaky_relu"] = (b, x) => b.LeakyRelu(x, 0.01),
        ["linear"] = (b, x) => x,
        ["mish"] = (b, x) => b.Multiply(x, b.Tanh(b.Softplus(x))),
        ["relu"] = (b, x) => b.Relu(x),
        ["relu2"] = (b, x) => b.Multiply(b.Relu(x), b.Relu(x)),
        ["relu6"] = (b, x) => b.Clamp(x, 0, 6),
        ["selu"] = (b, x) => b.Selu(x),
        ["sigmoid"] = (b, x) => b.Sigmoid(x),
        ["silu"] = (b, x) => b.Multiply(x, b.Sigmoid(x)),
        ["swish"] = (b, x) => b.Multiply(x, b.Sigmoid(x)),
        ["tanh"] = (b, x) => b.Tanh(x),
    };

    /// <summary>Applies a function.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="config">The configuration that names the function.</param>
    /// <param name="x">What it is applied to.</param>
    /// <exception cref="NotSupportedException">The function is given as code.</exception>
    internal static OnnxValue Apply(OnnxBuilder builder, PerceiverConfig config, OnnxValue x) =>
        config.HiddenActivationFunction is null && ByName.TryGetValue(config.HiddenActivation, out var function)
            ? function(builder, x)
            : throw new NotSupportedException(
                $"The activation is given as code ({nameof(PerceiverConfig.HiddenActivationFunction)}), which has no operators of ONNX.");

    private static OnnxValue Laplace(OnnxBuilder b, OnnxValue x)
    {
        var scaled = b.Divide(b.Minus(x, b.Scalar(0.707107)), b.Scalar(0.282095 * Math.Sqrt(2)));
        return b.Plus(b.Multiply(b.Erf(scaled), b.Scalar(0.5)), b.Scalar(0.5));
    }
}
