using TorchSharp;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Loads as every entry point of Core does, computes, and repeats what was logged.</summary>
internal static class LoadCommand
{
    public static int Run()
    {
        var logger = new CollectingLogger();
        TorchRuntime.Logger = logger;
        TorchRuntime.EnsureLoaded();
        TorchRuntime.EnsureLoaded();
        Console.WriteLine($"sum {Compute()}");
        foreach (var line in logger.Messages)
            Console.WriteLine($"log {line}");
        Console.WriteLine($"description {TorchRuntime.Description}");
        return 0;
    }

    public static float Compute()
    {
        using var ones = torch.ones(3, 4);
        using var product = torch.matmul(ones, ones.T);
        return product.sum().item<float>();
    }
}
