using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A tensor in a checkpoint file, without its values.</summary>
/// <param name="Name">Its name in the state dictionary.</param>
/// <param name="Dtype">Its element type.</param>
/// <param name="Shape">Its shape; empty for a scalar.</param>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Length">The number of its bytes.</param>
public sealed record PerceiverTensorInfo(string Name, ScalarType Dtype, IReadOnlyList<long> Shape, long Offset, long Length)
{
    /// <summary>Type and shape for messages.</summary>
    internal string Description => $"{Dtype} [{string.Join(", ", Shape)}]";
}
