namespace Microsoft.ML.Perceiver;

/// <summary>Which operator sets have the operators that are used here, in the form in which they are used.</summary>
internal static class OnnxOperators
{
    /// <summary>The domain of ONNX Runtime's own operators.</summary>
    internal const string RuntimeDomain = "com.microsoft";

    /// <summary>The domain of ONNX's operators of classical machine learning.</summary>
    internal const string LearningDomain = "ai.onnx.ml";

    /// <summary>The version of every domain of which operators are used, besides ONNX's own.</summary>
    internal static IReadOnlyList<(string Domain, int Version)> OtherDomains { get; } = [(RuntimeDomain, 1), (LearningDomain, 3)];

    /// <summary>The first set that has the operator Gelu.</summary>
    internal const int GeluSince = 20;

    private const int Oldest = 13;

    // Operators that are not named are in all sets from the oldest one on.
    private static readonly Dictionary<string, int> Since = new(StringComparer.Ordinal)
    {
        ["BatchNormalization"] = 15,
        ["BitwiseAnd"] = 18,
        ["BitwiseXor"] = 18,
        ["Gelu"] = GeluSince,
        ["LayerNormalization"] = 17,
        // With a first and a last axis.
        ["Shape"] = 15,
    };

    /// <summary>Refuses an operator that a set does not have.</summary>
    /// <exception cref="NotSupportedException">The message names the operator and both sets.</exception>
    internal static void Require(string name, int opset)
    {
        int since = Since.GetValueOrDefault(name, Oldest);
        if (opset < since)
            throw new NotSupportedException($"ONNX has the operator {name} from opset {since} on; the graph is to be of opset {opset}.");
    }
}
