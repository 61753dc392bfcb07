using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Windows and macOS: TorchSharp loads its libraries itself, after libtorch was loaded from the folder that the user named.
/// </summary>
internal static class PackagedTorchLoader
{
    private static readonly string[] LoadOrder = ["c10", "c10_cuda", "torch_cpu", "torch_cuda", "torch"];

    /// <exception cref="TorchRuntimeException">Loading failed; the message names the cause and the remedy.</exception>
    internal static LoadedTorch Load(string? namedDirectory)
    {
        if (namedDirectory is not null)
            LoadNamed(Path.GetFullPath(namedDirectory));
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception e)
            when (e is NotSupportedException or DllNotFoundException or BadImageFormatException or TypeInitializationException)
        {
            string cause = (e.InnerException ?? e).Message.Split('\n')[0];
            throw LoadFailure.Create(
                cause,
                "Add the package TorchSharp-cpu (or TorchSharp-cuda-windows) to the program, "
                + $"or set {LoadFailure.DirectoryVariable} to the folder of a libtorch {NativeFiles.LibTorchVersion}",
                e);
        }

        string source = namedDirectory is null ? "as packaged" : $"from {namedDirectory}";
        return new LoadedTorch($"TorchSharp {NativeFiles.Version(typeof(torch).Assembly)}: libtorch {source}.", namedDirectory, 0);
    }

    private static void LoadNamed(string directory)
    {
        if (!Directory.Exists(directory))
            throw LoadFailure.BadDirectory(directory, "does not exist");
        foreach (string name in LoadOrder)
        {
            string file = OperatingSystem.IsWindows() ? $"{name}.dll" : $"lib{name}.dylib";
            string path = Path.Combine(directory, file);
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
