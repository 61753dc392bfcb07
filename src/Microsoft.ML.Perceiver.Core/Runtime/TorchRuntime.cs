using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Loads TorchSharp's native libraries, also on systems where TorchSharp alone cannot, and chooses the device.
/// </summary>
/// <remarks>
/// <para>
/// Programs need not call anything: every entry point of this library calls <see cref="EnsureLoaded"/>, and TorchSharp used on its own
/// finds its libraries through the runtime's resolver as soon as any type of this library has been used.
/// </para>
/// <para>
/// libtorch comes from the program's packages (<c>TorchSharp-cpu</c>, <c>TorchSharp-cuda-linux</c>,
/// <c>TorchSharp-cuda-windows</c>), or from the folder that <see cref="TorchRuntimeOptions.LibTorchDirectory"/> or the
/// environment variable <c>PERCEIVER_TORCH_LIB</c> names. On Linux systems with a libstdc++ older than GCC 13's, TorchSharp's
/// own library is loaded through a copy in the user's private cache that does without the symbol version missing there.
/// </para>
/// </remarks>
public static class TorchRuntime
{
    /// <summary>
    /// Gets <see cref="Description"/> once in a process, when the libraries have been loaded: information, or a warning where the program
    /// has no libtorch of its own, or one of another release. Null, the default, for nothing.
    /// </summary>
    public static ILogger? Logger { get; set; }

    /// <summary>One line about the loaded libraries and their folders; null as long as none is loaded.</summary>
    public static string? Description => TorchLoader.Loaded?.Description;

    /// <summary>Whether a CUDA device can be used. Loads the libraries where that has not been done.</summary>
    /// <exception cref="TorchRuntimeException">The libraries cannot be loaded.</exception>
    public static bool IsCudaAvailable
    {
        get
        {
            EnsureLoaded();
            return torch.cuda.is_available();
        }
    }

    /// <summary>Loads the native libraries unless that has been done. Safe to call from any thread, and cheap when done.</summary>
    /// <exception cref="TorchRuntimeException">
    /// The libraries cannot be loaded; the message names the cause and the remedy. Every later call throws the same.
    /// </exception>
    public static void EnsureLoaded()
    {
        if (TorchLoader.Loaded is null)
            TorchLoader.Load(typeof(torch).Assembly);
    }

    /// <summary>Loads the native libraries as <paramref name="options"/> say, before anything else uses TorchSharp.</summary>
    /// <param name="options">The folder of the libraries, and settings of memory.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">The folder's name is empty.</exception>
    /// <exception cref="InvalidOperationException">A libtorch from another folder is loaded already.</exception>
    /// <exception cref="TorchRuntimeException">
    /// The libraries cannot be loaded. Another folder may then be tried, unless some library had been loaded before the
    /// failure: two libtorches in one process would not work.
    /// </exception>
    public static void Initialize(TorchRuntimeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.LibTorchDirectory is { } directory)
            ArgumentException.ThrowIfNullOrWhiteSpace(directory, nameof(options));
        TorchLoader.AllowsOtherRelease = options.AllowOtherRelease;
        Load(options.LibTorchDirectory);
        if (options.KeepMemory && OperatingSystem.IsLinux())
            LinuxMemory.KeepFreed();
    }

    /// <summary>Returns the device that a model runs on.</summary>
    /// <param name="gpuDeviceId">The index of a CUDA device, or null for the CPU; as ML.NET's <c>MLContext.GpuDeviceId</c>.</param>
    /// <param name="fallbackToCpu">Whether to take the CPU when there is no such CUDA device; as <c>MLContext.FallbackToCpu</c>.</param>
    /// <returns>The CPU, or the CUDA device of this index.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="gpuDeviceId"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">There is no such CUDA device, and <paramref name="fallbackToCpu"/> is false.</exception>
    /// <exception cref="TorchRuntimeException">The libraries cannot be loaded.</exception>
    public static torch.Device SelectDevice(int? gpuDeviceId, bool fallbackToCpu)
    {
        if (gpuDeviceId is { } id)
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(gpuDeviceId));
        EnsureLoaded();
        if (gpuDeviceId is not { } index)
            return torch.CPU;

        int count = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
        if (index < count)
            return torch.device(DeviceType.CUDA, index);
        if (fallbackToCpu)
            return torch.CPU;
        throw new InvalidOperationException(count == 0
            ? $"GPU {index} was asked for, but CUDA is not available: the program needs the package TorchSharp-cuda-linux or "
                + "TorchSharp-cuda-windows (or PERCEIVER_TORCH_LIB naming a libtorch with "
                + "CUDA), and the machine a CUDA device with its driver. "
                + $"Allow the CPU instead with FallbackToCpu. {Description}"
            : $"GPU {index} was asked for, but this machine has {count} CUDA device(s), numbered from 0. "
                + "Allow the CPU instead with FallbackToCpu.");
    }

    // A method of its own: with TorchSharp, which compiling this method loads, the folder that the environment names is loaded as well.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Load(string? directory) => TorchLoader.LoadFrom(typeof(torch).Assembly, directory);
}
