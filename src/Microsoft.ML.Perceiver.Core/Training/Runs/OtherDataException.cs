namespace Microsoft.ML.Perceiver;

/// <summary>A run folder holds a training with the same settings on other data, or of a model with other labels.</summary>
internal sealed class OtherDataException(string message) : InvalidOperationException(message);
