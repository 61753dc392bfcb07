using System.Diagnostics;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>Uses a type of Core that needs no tensor, and says whether libtorch came with it.</summary>
internal static class TouchCommand
{
    public static int Run()
    {
        Console.WriteLine(new TorchRuntimeOptions().LibTorchDirectory ?? "touched");
        Console.WriteLine($"libtorch {(HasLibTorch() ? "loaded" : "absent")}");
        bool torchSharp = AppDomain.CurrentDomain.GetAssemblies().Any(a => a.GetName().Name == "TorchSharp");
        Console.WriteLine($"TorchSharp {(torchSharp ? "loaded" : "absent")}");
        return 0;
    }

    public static bool HasLibTorch()
    {
        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Any(m => m.ModuleName.Contains("torch_cpu", StringComparison.Ordinal));
    }
}
