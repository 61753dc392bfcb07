using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A run of elements that tensors are views of.</summary>
/// <param name="Key">Its name in the file.</param>
/// <param name="Type">The element type.</param>
/// <param name="Count">How many elements it has.</param>
/// <param name="Place">The byte of the file where the pickle names it first.</param>
internal sealed record TorchStorage(string Key, ScalarType Type, long Count, long Place)
{
    internal int ElementSize { get; } = SafeTensorsHeader.SizeOf(Type);

    /// <summary>The bytes it must have.</summary>
    /// <exception cref="OverflowException">No file has so many.</exception>
    internal long Bytes => checked(Count * ElementSize);
}
