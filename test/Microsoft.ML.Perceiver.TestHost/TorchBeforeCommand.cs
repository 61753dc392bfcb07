using System.Runtime.CompilerServices;
using TorchSharp;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Uses TorchSharp before any type of Core, then lets Core load another libtorch, then any.</summary>
internal static class TorchBeforeCommand
{
    public static int Run(string directory)
    {
        using (var zeros = torch.zeros(1))
            Console.WriteLine($"zeros {zeros.item<float>()}");
        UseCore(directory);
        return 0;
    }

    // Apart, so that the compiler of Run does not arm Core before TorchSharp is used.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseCore(string directory)
    {
        try
        {
            TorchRuntime.Initialize(new TorchRuntimeOptions { LibTorchDirectory = directory });
            Console.WriteLine("initialized");
        }
        catch (InvalidOperationException e)
        {
            Console.WriteLine(e.Message);
        }
        TorchRuntime.EnsureLoaded();
        Console.WriteLine($"description {TorchRuntime.Description}");
    }
}
