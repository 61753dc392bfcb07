namespace Microsoft.ML.Perceiver;

/// <summary>What was loaded, and from where.</summary>
/// <param name="Description">One line for a log.</param>
/// <param name="Directory">libtorch's folder, links resolved; null where only the system knows (Windows, macOS).</param>
/// <param name="TorchSharpHandle">The handle of LibTorchSharp; zero where TorchSharp loaded it by itself.</param>
internal sealed record LoadedTorch(string Description, string? Directory, nint TorchSharpHandle);
