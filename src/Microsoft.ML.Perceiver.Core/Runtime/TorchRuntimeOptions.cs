namespace Microsoft.ML.Perceiver;

/// <summary>The folder of the native libraries, and settings of memory; see <see cref="TorchRuntime.Initialize"/>.</summary>
public sealed record TorchRuntimeOptions
{
    /// <summary>
    /// The folder of a libtorch of the release that TorchSharp is built for (2.10), e.g. the <c>lib</c> folder of a Python
    /// torch. Null, the default: the environment variable <c>PERCEIVER_TORCH_LIB</c> if set, else the program's packages.
    /// </summary>
    public string? LibTorchDirectory { get; init; }

    /// <summary>
    /// Whether a libtorch of another release than TorchSharp is built for may be tried, such as 2.11. False by default: it is an error.
    /// With true, <see cref="TorchRuntime.Logger"/> is warned of the functions that this libtorch lacks, and a call of one of them ends the
    /// process. Results of another release are not tested. <see cref="TorchRuntime.Initialize"/> must then come before anything else uses
    /// TorchSharp. Only on Linux; elsewhere the release is not checked.
    /// </summary>
    public bool AllowOtherRelease { get; init; }

    /// <summary>
    /// Whether the process keeps the memory that tensors free for later ones, on Linux with glibc; elsewhere this does nothing. Training
    /// then takes less time, as the system need not clear pages at every step (docs/performance.md has figures), and more memory at its
    /// peak. False by default. It applies to all native code of the process, until its end.
    /// </summary>
    public bool KeepMemory { get; init; }
}
