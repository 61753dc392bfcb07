namespace Microsoft.ML.Perceiver;

/// <summary>An operator with its inputs, of which some may be left out, and its outputs.</summary>
/// <param name="Operator">The operator's name.</param>
/// <param name="Domain">Its domain; empty for ONNX's own operators.</param>
/// <param name="Inputs">What it reads; null for an optional input that is left out.</param>
/// <param name="Outputs">What it computes.</param>
/// <param name="Attributes">Its attributes.</param>
internal sealed record OnnxNode(
    string Operator,
    string Domain,
    IReadOnlyList<OnnxValue?> Inputs,
    IReadOnlyList<OnnxValue> Outputs,
    IReadOnlyList<OnnxAttribute> Attributes);
