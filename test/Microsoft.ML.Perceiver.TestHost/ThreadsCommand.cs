using System.Collections.Concurrent;
using TorchSharp;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Lets many threads be the first at once: half of them through Core, half through TorchSharp itself.</summary>
internal static class ThreadsCommand
{
    public static int Run(int count)
    {
        var logger = new CollectingLogger();
        var sums = new ConcurrentBag<float>();
        TorchRuntime.Logger = logger;
        using var start = new Barrier(count);
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            if (i % 2 == 0)
                TorchRuntime.EnsureLoaded();
            using var ones = torch.ones(5);
            sums.Add(ones.sum().item<float>());
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Console.WriteLine($"sums {sums.Count} of {string.Join(' ', sums.Distinct())}");
        Console.WriteLine($"lines {logger.Messages.Count}");
        return 0;
    }
}
