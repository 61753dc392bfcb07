using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A module that a field refers to without registering it. TorchSharp registers every field of a module's type, so that the parameters of a part
/// that belongs to another part would stand twice in the state dictionary.
/// </summary>
/// <typeparam name="T">The module's type.</typeparam>
/// <param name="Module">The module.</param>
internal readonly record struct Unregistered<T>(T Module)
    where T : nn.Module;
