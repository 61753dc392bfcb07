using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Loads libtorch for TorchSharp: as its packages bring it, through a private copy where the system's C++ runtime is older than TorchSharp's
/// library asks for (Debian 12, Ubuntu 22.04), or from a folder the user names. It happens by itself at the first tensor.
/// </summary>
public static class TorchRuntime
{
    /// <summary>The environment variable that names a libtorch folder.</summary>
    public const string DirectoryVariable = "PERCEIVER_TORCH_LIB";

    private static readonly Lock Loading = new();
    private static volatile bool _loaded;
    private static TorchRuntimeOptions? _loadedWith;
    private static IntPtr _handle;

    [ThreadStatic]
    private static bool _inside;

    /// <summary>Gets the one line that says what was loaded from where, when that happens.</summary>
    public static event Action<string>? Log;

    /// <summary>What was loaded from where; null before anything was.</summary>
    public static string? Description { get; private set; }

    /// <summary>Whether a CUDA device can be used. Loads libtorch.</summary>
    /// <exception cref="TorchRuntimeException">libtorch cannot be loaded.</exception>
    public static bool IsCudaAvailable
    {
        get
        {
            EnsureLoaded();
            return torch.cuda.is_available();
        }
    }

    /// <summary>Loads libtorch unless it is loaded. Every entry point of this library calls it; it is thread-safe and costs nothing afterwards.</summary>
    /// <exception cref="TorchRuntimeException">libtorch cannot be loaded; the message names the cause and the remedy.</exception>
    public static void EnsureLoaded()
    {
        if (!_loaded)
            Load(new TorchRuntimeOptions());
    }

    /// <summary>Loads libtorch in a way of the user's choice, before anything else needs it.</summary>
    /// <param name="options">The way.</param>
    /// <exception cref="InvalidOperationException">It is loaded already, in another way.</exception>
    /// <exception cref="TorchRuntimeException">libtorch cannot be loaded; the message names the cause and the remedy.</exception>
    public static void Initialize(TorchRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Load(options);
        if (_loadedWith != options && options.LibTorchDirectory is not null)
            throw new InvalidOperationException($"libtorch is loaded already: {Description} Call Initialize before the first tensor.");
    }

    /// <summary>The device to run on.</summary>
    /// <param name="gpuDeviceId">The index of a CUDA device; null for the CPU.</param>
    /// <param name="fallbackToCpu">Whether the CPU serves where that device is not there.</param>
    /// <exception cref="InvalidOperationException">The device is not there, and the CPU was not allowed to take its place.</exception>
    public static torch.Device SelectDevice(int? gpuDeviceId, bool fallbackToCpu)
    {
        if (gpuDeviceId is not { } index)
            return torch.CPU;
        int count = IsCudaAvailable ? torch.cuda.device_count() : 0;
        if (index >= 0 && index < count)
            return torch.device(DeviceType.CUDA, index);
        if (fallbackToCpu)
            return torch.CPU;
        throw new InvalidOperationException(
            count == 0
                ? $"GPU {index} was asked for, but no CUDA device can be used. Reference TorchSharp-cuda-linux instead of TorchSharp-cpu, or allow the fallback to the CPU."
                : $"GPU {index} was asked for, but there are {count} (0 to {count - 1}).");
    }

    // TorchSharp asks the system first; only what that does not find comes here, so that even a tensor made before any of this library's
    // entry points is served.
#pragma warning disable CA2255 // the one thing a module initializer is for: arming before the first use
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void Arm() => AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;

    private static IntPtr Resolve(Assembly assembly, string name)
    {
        if (_inside || !OperatingSystem.IsLinux() || assembly != typeof(torch).Assembly || name != "LibTorchSharp")
            return IntPtr.Zero;
        EnsureLoaded();
        return _handle;
    }

    private static void Load(TorchRuntimeOptions options)
    {
        lock (Loading)
        {
            if (_loaded || _inside)
                return;
            _inside = true;
            try
            {
                (_handle, string line) = NativeLoader.Load(options.LibTorchDirectory ?? FromEnvironment());
                Description = line;
                _loadedWith = options;
                _loaded = true;
            }
            finally
            {
                _inside = false;
            }
        }

        Log?.Invoke(Description!);
    }

    private static string? FromEnvironment() => Environment.GetEnvironmentVariable(DirectoryVariable) is { Length: > 0 } named ? named : null;
}
