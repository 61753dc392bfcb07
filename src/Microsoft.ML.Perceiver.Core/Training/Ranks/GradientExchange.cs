using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Adds the gradients of all ranks, after the backward passes of a step and before its norm is clipped. They go through a buffer in the
/// processor's memory, some parameters at a time, whatever device and number format they are in.
/// </summary>
internal sealed class GradientExchange : IDisposable
{
    // 16 MB: long enough to be exchanged at full speed, and a small part of the gradients of large models.
    private const long BucketLength = 1 << 22;
    private readonly IPerceiverCommunicator _communicator;
    private readonly List<TrainedParameter[]> _buckets = [];
    private readonly Tensor _buffer;

    internal GradientExchange(IPerceiverCommunicator communicator, IReadOnlyList<TrainedParameter> parameters)
    {
        _communicator = communicator;
        long length = 0, longest = 0;
        var bucket = new List<TrainedParameter>();
        foreach (var parameter in parameters)
        {
            long own = parameter.Master.NumberOfElements;
            if (bucket.Count > 0 && length + own > BucketLength)
            {
                _buckets.Add([.. bucket]);
                bucket.Clear();
                length = 0;
            }

            bucket.Add(parameter);
            // And one that says whether there is a gradient.
            length += own + 1;
            longest = Math.Max(longest, length);
        }

        _buckets.Add([.. bucket]);
        _buffer = zeros(longest, ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>Replaces each gradient by the sum over all ranks. A parameter without a gradient on any rank keeps none.</summary>
    internal void Sum()
    {
        using var gradients = no_grad();
        foreach (var bucket in _buckets)
        {
            // Frozen ones are the same on all ranks.
            TrainedParameter[] parts = [.. bucket.Where(p => !p.IsFrozen)];
            if (parts.Length > 0)
                Sum(parts);
        }
    }

    private void Sum(TrainedParameter[] parts)
    {
        using var scope = NewDisposeScope();
        var numbers = MemoryMarshal.Cast<byte, float>(_buffer.bytes);
        var views = new Tensor[parts.Length];
        int flags = parts.Length, at = flags;
        for (int i = 0; i < parts.Length; i++)
        {
            long length = parts[i].Master.NumberOfElements;
            views[i] = _buffer.narrow(0, at, length).view(parts[i].Master.shape);
            at += (int)length;
            var gradient = parts[i].Gradient;
            numbers[i] = gradient is null ? 0 : 1;
            if (gradient is null)
                views[i].zero_();
            else
                views[i].copy_(gradient);
        }

        _communicator.AllReduceSum(numbers[..at]);
        for (int i = 0; i < parts.Length; i++)
        {
            if (numbers[i] > 0)
                parts[i].ReplaceGradient(views[i]);
        }
    }

    public void Dispose() => _buffer.Dispose();
}
