using System.Globalization;
using TorchSharp;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Says how many pages large tensors need that come and go.</summary>
internal static class MemoryCommand
{
    public static int Run(bool keep)
    {
        TorchRuntime.Initialize(new TorchRuntimeOptions { KeepMemory = keep });
        // Larger than what follows: the C library cannot always put a block of the same size where one was, as it aligns them.
        Allocate(32 << 20);
        long before = Faults();
        for (int i = 0; i < 10; i++)
            Allocate(16 << 20);
        Console.WriteLine($"faults {Faults() - before}");
        return 0;
    }

    private static void Allocate(long count) => torch.ones(count).Dispose();

    // The tenth field of /proc/self/stat; the second, the program's name, ends with the last bracket.
    private static long Faults()
    {
        string status = File.ReadAllText("/proc/self/stat");
        return long.Parse(status[(status.LastIndexOf(')') + 2)..].Split(' ')[7], CultureInfo.InvariantCulture);
    }
}
