namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>A case asks for a class that this library does not have yet; the case is skipped under that name.</summary>
internal sealed class UnknownPartException(string name) : Exception($"{name} is not built yet.");
