using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A source of weights: names, types and shapes of all tensors, and the values one by one.</summary>
internal interface ITensorSource
{
    /// <summary>The file's name for messages.</summary>
    string Source { get; }

    /// <summary>Whether the values lie in a mapped file: they need addresses, but no memory of the process.</summary>
    bool IsMapped => false;

    /// <summary>All tensors.</summary>
    IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    /// <summary>The values, one tensor at a time, in the order that is cheapest to read; the caller owns each.</summary>
    IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ReadAll();

    /// <summary>
    /// Releases the pages of a tensor's bytes in a mapped file after the tensor was copied; until then they count as memory of the process.
    /// The bytes can be read again.
    /// </summary>
    void ReleasePages(PerceiverTensorInfo info)
    {
    }
}
