namespace Microsoft.ML.Perceiver;

/// <summary>An attribute of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">
/// A <see cref="long"/>, a <see cref="float"/>, a <see cref="string"/>, or an array of <see cref="long"/> or <see cref="string"/>.
/// </param>
internal sealed record OnnxAttribute(string Name, object Value);
