using System.Runtime.CompilerServices;
using TorchSharp;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Uses TorchSharp right after a type of Core, without any call that loads.</summary>
internal static class TorchFirstCommand
{
    public static int Run()
    {
        _ = new TorchRuntimeOptions();
        UseTorch();
        Console.WriteLine($"description {TorchRuntime.Description}");
        TorchRuntime.EnsureLoaded();
        Console.WriteLine($"ensured {TorchRuntime.Description}");
        return 0;
    }

    // Apart, so that the compiler of Run does not load TorchSharp before Core is touched.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseTorch()
    {
        using var zeros = torch.zeros(1);
        Console.WriteLine($"zeros {zeros.item<float>()}");
    }
}
