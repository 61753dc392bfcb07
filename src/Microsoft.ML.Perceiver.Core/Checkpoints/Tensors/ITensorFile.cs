using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A file of weights that can be read by their names.</summary>
internal interface ITensorFile : ITensorSource, IDisposable
{
    /// <summary>The tensor of a name, on the CPU; the caller disposes it.</summary>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    Tensor Get(string name);
}
