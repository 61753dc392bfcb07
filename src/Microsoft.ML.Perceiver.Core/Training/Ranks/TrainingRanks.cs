using System.Text;
using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The processes of a training. Where there is only this one, it is the first, all rows are its own and nothing is exchanged.
/// </summary>
internal sealed class TrainingRanks
{
    // In an exception's data: that every rank throws at this point, so that none waits for another.
    private const string IsOfAll = "IsOfAllRanks";
    private static readonly int s_reasons = Enum.GetValues<PerceiverTrainingStopReason>().Length;

    internal TrainingRanks(IPerceiverCommunicator? communicator) => Communicator = communicator is { Size: > 1 } ? communicator : null;

    /// <summary>What connects the ranks; null where there is only one.</summary>
    internal IPerceiverCommunicator? Communicator { get; }

    internal int Rank => Communicator?.Rank ?? 0;

    internal bool IsFirst => Rank == 0;

    /// <summary>The seed of a rank's random numbers: the training's own on the first, and so where there is one process.</summary>
    internal long SeedOf(int seed) => IsFirst ? seed : unchecked((long)PerceiverRandom.Mix((ulong)seed + ((ulong)Rank << 32)));

    /// <summary>The loss of a batch, whose rows the ranks share.</summary>
    internal BatchLoss LossOf(IPerceiverObjective objective, int[] batch, PerceiverRandom random)
    {
        if (Communicator is null)
        {
            var loss = objective.Loss(batch, random);
            return new BatchLoss(loss, 1, loss.item<float>());
        }

        // The rows of a batch are in the order of their lengths: dealt out in turn, every rank gets short and long ones.
        int[] rows = [.. batch.Where((_, i) => i % Communicator.Size == Rank)];
        PerceiverWeightedLoss? own = rows.Length == 0 ? null : objective.WeightedLoss(rows, random);
        double weight = own?.Weight ?? 0;
        // The mean over nothing is no number, which must not reach the sum.
        Span<float> sums = weight > 0 ? [(float)weight, (float)(weight * own!.Value.Loss.item<float>())] : [0, 0];
        Communicator.AllReduceSum(sums);
        return weight > 0
            ? new BatchLoss(own!.Value.Loss, weight / sums[0], sums[1] / sums[0])
            : new BatchLoss(null, 0, sums[1] / sums[0]);
    }

    /// <summary>Why the training ends, where any rank has a reason.</summary>
    internal PerceiverTrainingStopReason? AnyOf(PerceiverTrainingStopReason? own)
    {
        if (Communicator is null)
            return own;
        Span<float> flags = stackalloc float[s_reasons];
        flags.Clear();
        if (own is { } mine)
            flags[(int)mine] = 1;
        Communicator.AllReduceSum(flags);
        int first = flags.IndexOfAnyExcept(0f);
        return first < 0 ? null : (PerceiverTrainingStopReason)first;
    }

    /// <summary>Runs something on the first rank alone and gives its result, as JSON, to all. Where it throws, all do.</summary>
    internal T FromFirst<T>(Func<T> run)
    {
        if (Communicator is null)
            return run();
        if (!IsFirst)
        {
            if (Receive() is { } failure)
                throw OfAll(new InvalidOperationException($"Rank 0: {failure}"));
            return JsonSerializer.Deserialize<T>(Receive()!, RunJson.Indented)!;
        }

        T result;
        try
        {
            result = run();
        }
        catch (Exception e)
        {
            Send(e.Message);
            OfAll(e);
            throw;
        }

        Send(null);
        Send(JsonSerializer.Serialize(result, RunJson.Indented));
        return result;
    }

    /// <summary>The bytes of all ranks by rank.</summary>
    internal byte[][] Gather(byte[] own) => Communicator is null ? [own] : Communicator.AllGather(own);

    /// <summary>Gives tensors the values that they have on the first rank.</summary>
    internal void Broadcast(IEnumerable<Tensor> tensors)
    {
        if (Communicator is null)
            return;
        using var gradients = no_grad();
        foreach (var value in tensors)
        {
            using var scope = NewDisposeScope();
            var onCpu = value.detach().cpu().contiguous();
            Communicator.Broadcast(onCpu.bytes);
            if (!IsFirst)
                value.copy_(onCpu);
        }
    }

    /// <summary>Marks an exception that every rank throws at the same point.</summary>
    internal static Exception OfAll(Exception exception)
    {
        exception.Data[IsOfAll] = true;
        return exception;
    }

    /// <summary>
    /// Runs something that all ranks do together. Where one of them throws alone, the others would wait for it for ever: it ends them.
    /// </summary>
    internal T Together<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception e) when (Communicator is not null && !e.Data.Contains(IsOfAll))
        {
            Communicator.Abort($"Rank {Rank} failed, which ends all ranks. {e}");
            throw;
        }
    }

    // A text of the first rank, of any length; null is one too.
    private void Send(string? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        Communicator!.Broadcast(BitConverter.GetBytes(text is null ? -1 : bytes.Length));
        Communicator.Broadcast(bytes);
    }

    private string? Receive()
    {
        byte[] length = new byte[sizeof(int)];
        Communicator!.Broadcast(length);
        byte[] bytes = new byte[Math.Max(0, BitConverter.ToInt32(length))];
        Communicator.Broadcast(bytes);
        return BitConverter.ToInt32(length) < 0 ? null : Encoding.UTF8.GetString(bytes);
    }
}
