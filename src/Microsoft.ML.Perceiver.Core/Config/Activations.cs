using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The activations of the feed-forward layers by the names that configurations use (the reference's <c>ACT2FN</c>).</summary>
internal static class Activations
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> ByName = new(StringComparer.Ordinal)
    {
        ["gelu"] = nn.functional.gelu,
        ["gelu_python"] = nn.functional.gelu,
        ["gelu_new"] = TanhGelu,
        ["gelu_fast"] = TanhGelu,
        ["gelu_accurate"] = TanhGelu,
        ["gelu_pytorch_tanh"] = TanhGelu,
        ["gelu_10"] = x => nn.functional.gelu(x).clamp(Scalars.Kept(-10), Scalars.Kept(10)),
        ["quick_gelu"] = x => x * x.Times(1.702).sigmoid(),
        ["laplace"] = x => x.Minus(0.707107).Over(0.282095 * Math.Sqrt(2)).erf().Times(0.5).Plus(0.5),
        ["leaky_relu"] = x => x.leaky_relu(Scalars.Kept(0.01)),
        ["linear"] = x => x.alias(),
        ["mish"] = x => x * x.logaddexp(zeros_like(x)).tanh(),
        ["relu"] = x => nn.functional.relu(x),
        ["relu2"] = x => nn.functional.relu(x).Squared(),
        ["relu6"] = x => nn.functional.relu6(x),
        ["selu"] = x => nn.functional.selu(x),
        ["sigmoid"] = x => x.sigmoid(),
        ["silu"] = x => nn.functional.silu(x),
        ["swish"] = x => nn.functional.silu(x),
        ["tanh"] = x => x.tanh(),
    };

    /// <summary>Whether a name is that of the GELU of the error function.</summary>
    internal static bool IsGelu(string name) => name is "gelu" or "gelu_python";

    /// <summary>The function of a name.</summary>
    /// <exception cref="ArgumentException">The name is unknown; the message lists the known ones.</exception>
    internal static Func<Tensor, Tensor> Find(string name) =>
        ByName.TryGetValue(name, out var function)
            ? function
            : throw new ArgumentException(
                $"hidden_act is '{name}'; known are {string.Join(", ", ByName.Keys.Order(StringComparer.Ordinal))}.");

    private static Tensor TanhGelu(Tensor x) => nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh);
}
