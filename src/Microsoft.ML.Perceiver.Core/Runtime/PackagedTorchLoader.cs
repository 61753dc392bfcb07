using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Windows and macOS: TorchSharp's own way, after libtorch has been loaded from the folder that the user named.</summary>
internal static class PackagedTorchLoader
{
    private static readonly string[] LoadOrder = ["c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch"];

    /// <exception cref="TorchRuntimeException">Nothing works; the message names the cause and the remedy.</exception>
    public static LoadedTorch Load(string? namedDirectory)
    {
        if (namedDirectory is not null)
            LoadNamed(Path.GetFullPath(namedDirectory));
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            var cause = (e.InnerException ?? e).Message.Split('\n')[0];
            throw LoadFailure.Create(cause,
                $"Add the package TorchSharp-cpu (or TorchSharp-cuda-windows) to the program, or set {LoadFailure.DirectoryVariable} to the folder of a libtorch {NativeFiles.LibTorchVersion}", e);
        }
        var source = namedDirectory is null ? "as packaged" : $"from {namedDirectory}";
        return new LoadedTorch($"TorchSharp {NativeFiles.Version(typeof(torch).Assembly)}: libtorch {source}.", namedDirectory, 0);
    }

    private static void LoadNamed(string directory)
    {
        if (!Directory.Exists(directory))
            throw LoadFailure.BadDirectory(directory, "does not exist");
        foreach (var name in LoadOrder)
        {
            var file = OperatingSystem.IsWindows() ? $"{name}.dll" : $"lib{name}.dylib";
            var path = Path.Combine(directory, file);
            if (NativeFiles.FindMapped(file) is { } mapped && !string.Equals(mapped, path, StringComparison.OrdinalIgnoreCase))
                throw LoadFailure.AlreadyLoaded(mapped, directory);
            if (!File.Exists(path))
            {
                // Only the CUDA parts may be missing.
                if (name.EndsWith("_cuda", StringComparison.Ordinal))
                    continue;
                throw LoadFailure.BadDirectory(directory, $"does not contain {file}");
            }
            try
            {
                NativeLibrary.Load(path);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw LoadFailure.FromLoader(path, e, named: true);
            }
        }
    }
}
