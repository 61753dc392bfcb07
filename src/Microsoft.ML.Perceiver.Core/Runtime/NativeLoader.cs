using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>The order of loading that works, and the words for when none does.</summary>
internal static class NativeLoader
{
    // TorchSharp can say it too, but only once it is loaded.
    private const string LibTorchVersion = "2.10.0";

    private const string Bridge = "libLibTorchSharp.so";

    // What others are linked against comes first; the CUDA parts are there only in a CUDA libtorch.
    private static readonly string[] LibTorch = ["libc10.so", "libc10_cuda.so", "libtorch_cpu.so", "libtorch_cuda.so", "libtorch.so"];

    private static readonly string[] ElsewhereLibTorch = ["c10.dll", "torch_cpu.dll", "torch.dll", "libc10.dylib", "libtorch_cpu.dylib", "libtorch.dylib"];

    private static readonly string[] Required = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    /// <summary>Loads everything.</summary>
    /// <param name="named">A libtorch folder the user named; null for the packages' own.</param>
    /// <returns>The handle of TorchSharp's library (zero where TorchSharp loads it itself), and a line that says what came from where.</returns>
    internal static (IntPtr Handle, string Line) Load(string? named) =>
        OperatingSystem.IsLinux() ? LoadOnLinux(named) : LoadElsewhere(named);

    private static (IntPtr Handle, string Line) LoadOnLinux(string? named)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new TorchRuntimeException($"TorchSharp has no libtorch for Linux on {RuntimeInformation.ProcessArchitecture}; an x64 process is needed.");
        string torch = named is null ? PackagedFolder() : NamedFolder(named);
        string bridge = NativeFiles.FolderOf(Bridge) is { } folder
            ? Path.Combine(folder, Bridge)
            : throw new TorchRuntimeException($"TorchSharp's native library {Bridge} was not found next to the program. Publish or build the program for linux-x64 so that the package TorchSharp puts it there.");
        foreach (string library in LibTorch.Select(l => Path.Combine(torch, l)).Where(File.Exists))
            LoadLibrary(library, named);
        try
        {
            ElfFile.CheckWhole(bridge);
            return (NativeLibrary.Load(bridge), $"libtorch from '{torch}', TorchSharp's library as packaged from '{bridge}'.");
        }
        catch (DllNotFoundException e) when (e.Message.Contains("GLIBCXX_", StringComparison.Ordinal))
        {
            return LoadWeakened(torch, bridge, e);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or FormatException)
        {
            throw new TorchRuntimeException($"TorchSharp's native library cannot be loaded: {Reason(e)} The libtorch it was linked with is {LibTorchVersion}; '{torch}' may hold another release.", e);
        }
    }

    private static (IntPtr Handle, string Line) LoadWeakened(string torch, string bridge, Exception first)
    {
        try
        {
            var (copy, temporary) = WeakenedLibrary.Prepare(bridge);
            var handle = NativeLibrary.Load(copy);
            // A loaded library does not need its name any longer.
            if (temporary)
                Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
            return (handle, $"libtorch from '{torch}', TorchSharp's library through a copy for this system's older C++ runtime at '{copy}'.");
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or FormatException or IOException or UnauthorizedAccessException)
        {
            throw new TorchRuntimeException(
                $"This system's C++ runtime is older than TorchSharp's native library asks for ({Reason(first)}), and a copy that does without cannot be used: {Reason(e)} "
                + "Install a libstdc++ of GCC 13 or later, or run on a newer distribution (Debian 13, Ubuntu 24.04).",
                e);
        }
    }

    private static (IntPtr Handle, string Line) LoadElsewhere(string? named)
    {
        try
        {
            if (named is not null)
            {
                string torch = Directory.Exists(named) ? named : throw new TorchRuntimeException($"The libtorch folder '{named}' does not exist ({TorchRuntime.DirectoryVariable} or TorchRuntimeOptions.LibTorchDirectory).");
                foreach (string library in ElsewhereLibTorch.Select(l => Path.Combine(torch, l)).Where(File.Exists))
                    NativeLibrary.Load(library);
            }

            TorchSharp.torch.InitializeDeviceType(DeviceType.CPU);
            return (IntPtr.Zero, $"libtorch {LibTorchVersion} {(named is null ? "as packaged" : $"from '{named}'")}.");
        }
        catch (Exception e) when (e is NotSupportedException or DllNotFoundException or BadImageFormatException)
        {
            throw new TorchRuntimeException($"libtorch cannot be loaded. Reference the package TorchSharp-cpu (or a TorchSharp-cuda one) in the program. {e.Message}", e);
        }
    }

    private static string PackagedFolder() =>
        NativeFiles.FolderOf("libtorch_cpu.so")
        ?? throw new TorchRuntimeException(
            "The program brings no libtorch: libtorch_cpu.so was not found next to it. Reference the package TorchSharp-cpu (or TorchSharp-cuda-linux) in the program's project, "
            + $"or name a folder with libtorch {LibTorchVersion} in the environment variable {TorchRuntime.DirectoryVariable}.");

    private static string NamedFolder(string named)
    {
        string origin = $"{TorchRuntime.DirectoryVariable} or TorchRuntimeOptions.LibTorchDirectory names '{named}' as the libtorch folder";
        if (!Directory.Exists(named))
            throw new TorchRuntimeException($"{origin}, which does not exist.");
        string[] missing = Required.Where(r => !File.Exists(Path.Combine(named, r))).ToArray();
        if (missing.Length > 0)
            throw new TorchRuntimeException($"{origin}, but it has no {string.Join(", ", missing)}. Name the folder 'lib' of libtorch {LibTorchVersion} or of a Python torch of that release.");
        return Path.GetFullPath(named);
    }

    private static void LoadLibrary(string path, string? named)
    {
        try
        {
            ElfFile.CheckWhole(path);
            NativeLibrary.Load(path);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException or FormatException)
        {
            string remedy = named is null
                ? "Restore the packages again, and install what the message says is missing."
                : $"Name the folder of a whole libtorch {LibTorchVersion}, or none to use the packaged one.";
            throw new TorchRuntimeException($"'{path}' cannot be loaded: {Reason(e)} {remedy}", e);
        }
    }

    // The system's own sentence; .NET surrounds it with advice for developers of .NET.
    private static string Reason(Exception e)
    {
        string[] lines = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.FirstOrDefault(l => l.Contains(".so", StringComparison.Ordinal) && l.Contains(':', StringComparison.Ordinal) && !l.StartsWith("Unable", StringComparison.Ordinal)) ?? lines[0];
    }
}
