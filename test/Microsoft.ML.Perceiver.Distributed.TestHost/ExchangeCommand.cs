using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.Perceiver.Distributed.TestHost;

/// <summary>Exchanges numbers and texts, and says what came back and how long the sums took.</summary>
internal static class ExchangeCommand
{
    private const int Rounds = 21;

    public static int Run(PerceiverMpiCommunicator communicator, int count)
    {
        var random = new Random(communicator.Rank);
        float[] own = [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        double[] expected = new double[count];
        for (int rank = 0; rank < communicator.Size; rank++)
        {
            var other = new Random(rank);
            for (int i = 0; i < count; i++)
                expected[i] += other.NextSingle() - 0.5f;
        }

        var times = new List<double>();
        float[] sums = [];
        for (int round = 0; round < Rounds; round++)
        {
            sums = [.. own];
            communicator.Barrier();
            var clock = Stopwatch.StartNew();
            communicator.AllReduceSum(sums);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        double error = sums.Zip(expected, (sum, exact) => Math.Abs(sum - exact)).Max();
        string text = string.Concat(Enumerable.Repeat($"rank {communicator.Rank} ", communicator.Rank + 1));
        string[] texts = [.. communicator.AllGather(Encoding.UTF8.GetBytes(text)).Select(Encoding.UTF8.GetString)];
        byte[] first = Encoding.UTF8.GetBytes(communicator.Rank == 0 ? "first" : "other");
        communicator.Broadcast(first);
        Say($"of {communicator.Size}, local {communicator.LocalRank} of {communicator.LocalSize}");
        Say($"error {error:g3}");
        Say($"hash {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(sums.AsSpan())))}");
        Say($"texts {string.Join('|', texts)}");
        Say($"broadcast {Encoding.UTF8.GetString(first)}");
        // Other programs use the cores too: the shortest time is that of the exchange.
        Say($"milliseconds {times.Min():f2}");
        return 0;

        void Say(FormattableString line) => Console.WriteLine($"{communicator.Rank}: {line.ToString(CultureInfo.InvariantCulture)}");
    }
}
