using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks of the tensors that heads are given.</summary>
internal static class TensorChecks
{
    /// <summary>Refuses a tensor that is not int64 or has another shape.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">The name of the argument.</param>
    /// <param name="shape">The shape it needs to have.</param>
    /// <param name="anyExtent">The name of one more axis, the last one, which may have any extent; null for none.</param>
    /// <exception cref="ArgumentException">The message says what it is and what it needs to be.</exception>
    internal static void RequireIndices(Tensor tensor, string name, ReadOnlySpan<long> shape, string? anyExtent = null)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        int rank = shape.Length + (anyExtent is null ? 0 : 1);
        if (tensor.dtype == ScalarType.Int64 && tensor.dim() == rank && tensor.shape.AsSpan(0, shape.Length).SequenceEqual(shape))
            return;
        string needed = string.Join(", ", shape.ToArray()) + (anyExtent is null ? "" : $", {anyExtent}");
        string found = string.Join(", ", tensor.shape);
        throw new ArgumentException($"The {name} are {tensor.dtype} [{found}]; they need to be Int64 [{needed}].", name);
    }
}
