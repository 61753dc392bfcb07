using System.Text;
using static MPI.Unsafe;

namespace Microsoft.ML.Perceiver;

/// <summary>The processes that mpiexec started. <see cref="PerceiverMpi.Run"/> makes it.</summary>
public sealed unsafe class PerceiverMpiCommunicator : IPerceiverCommunicator
{
    private static readonly nint s_inPlace = -1;
    private static readonly TimeSpan s_timeToRead = TimeSpan.FromMilliseconds(500);
    private readonly int[] _lengths;
    private readonly int[] _starts;

    private PerceiverMpiCommunicator(int rank, int size)
    {
        (Rank, Size) = (rank, size);
        (_lengths, _starts) = (new int[size], new int[size]);
    }

    /// <inheritdoc/>
    public int Rank { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>
    /// The number of this process among those on the same machine, from 0: the GPU to take where each process is to have its own, with
    /// <see cref="TorchRuntime.SelectDevice"/> or as ML.NET's <c>GpuDeviceId</c>.
    /// </summary>
    public int LocalRank { get; private init; }

    /// <summary>How many of the processes are on this machine.</summary>
    public int LocalSize { get; private init; } = 1;

    /// <summary>The only process, which needs no MPI.</summary>
    internal static PerceiverMpiCommunicator Alone() => new(0, 1);

    /// <summary>The processes of MPI's world.</summary>
    internal static PerceiverMpiCommunicator OfWorld()
    {
        Check(MPI_Comm_rank(MPI_COMM_WORLD, out int rank), nameof(MPI_Comm_rank));
        Check(MPI_Comm_size(MPI_COMM_WORLD, out int size), nameof(MPI_Comm_size));
        string[] machines = [.. new PerceiverMpiCommunicator(rank, size)
            .AllGather(Encoding.UTF8.GetBytes(Environment.MachineName)).Select(Encoding.UTF8.GetString)];
        return new PerceiverMpiCommunicator(rank, size)
        {
            LocalRank = machines.Take(rank).Count(machine => machine == machines[rank]),
            LocalSize = machines.Count(machine => machine == machines[rank]),
        };
    }

    /// <inheritdoc/>
    public void AllReduceSum(Span<float> values)
    {
        if (Size == 1)
            return;
        fixed (float* numbers = values)
        {
            int code = MPI_Allreduce(s_inPlace, (nint)numbers, values.Length, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
            Check(code, nameof(MPI_Allreduce));
        }
    }

    /// <inheritdoc/>
    public void Broadcast(Span<byte> bytes)
    {
        if (Size == 1)
            return;
        fixed (byte* start = bytes)
            Check(MPI_Bcast((nint)start, bytes.Length, MPI_BYTE, 0, MPI_COMM_WORLD), nameof(MPI_Bcast));
    }

    /// <inheritdoc/>
    public byte[][] AllGather(ReadOnlySpan<byte> bytes)
    {
        if (Size == 1)
            return [bytes.ToArray()];
        int length = bytes.Length;
        fixed (int* lengths = _lengths)
        {
            int code = MPI_Allgather((nint)(&length), sizeof(int), MPI_BYTE, (nint)lengths, sizeof(int), MPI_BYTE, MPI_COMM_WORLD);
            Check(code, nameof(MPI_Allgather));
        }

        int total = 0;
        for (int rank = 0; rank < Size; rank++)
        {
            _starts[rank] = total;
            total = checked(total + _lengths[rank]);
        }

        byte[] all = new byte[total];
        fixed (byte* own = bytes, received = all)
        {
            int code = MPI_Allgatherv(
                (nint)own, length, MPI_BYTE, (nint)received, _lengths, _starts, MPI_BYTE, MPI_COMM_WORLD);
            Check(code, nameof(MPI_Allgatherv));
        }

        return [.. Enumerable.Range(0, Size).Select(rank => all.AsSpan(_starts[rank], _lengths[rank]).ToArray())];
    }

    /// <inheritdoc/>
    public void Barrier()
    {
        if (Size > 1)
            Check(MPI_Barrier(MPI_COMM_WORLD), nameof(MPI_Barrier));
    }

    /// <inheritdoc/>
    public void Abort(string message)
    {
        Console.Out.Flush();
        Console.Error.WriteLine(message);
        Console.Error.Flush();
        if (Size > 1)
        {
            // mpiexec reads the message from a pipe, and does not empty it once it ends the processes.
            Thread.Sleep(s_timeToRead);
            _ = MPI_Abort(MPI_COMM_WORLD, 1);
        }

        Environment.Exit(1);
    }

    private static void Check(int code, string function)
    {
        if (code != 0)
            throw new InvalidOperationException($"{function} failed with the code {code}.");
    }
}
