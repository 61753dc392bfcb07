using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Where weights come from: names, types and shapes first, the values afterwards and one by one.</summary>
internal interface ITensorSource
{
    /// <summary>The file's name for messages.</summary>
    string Source { get; }

    /// <summary>Every tensor there is.</summary>
    IReadOnlyList<PerceiverTensorInfo> Tensors { get; }

    /// <summary>The values, one tensor at a time, in the order that is cheapest to read; the caller owns each.</summary>
    IEnumerable<(PerceiverTensorInfo Info, Tensor Value)> ReadAll();

    /// <summary>
    /// Gives the memory of a tensor's bytes back where it was copied since: a mapped file's pages count as the process's own until then. The bytes
    /// can be read again.
    /// </summary>
    void ReleasePages(PerceiverTensorInfo info)
    {
    }
}
