namespace Microsoft.ML.Perceiver;

/// <summary>Where the native libraries come from; see <see cref="TorchRuntime.Initialize"/>.</summary>
public sealed record TorchRuntimeOptions
{
    /// <summary>
    /// The folder of a libtorch of the release that TorchSharp is built for (2.10), e.g. the <c>lib</c> folder of a Python
    /// torch. Null, the default: the environment variable <c>PERCEIVER_TORCH_LIB</c> if set, else the program's packages.
    /// </summary>
    public string? LibTorchDirectory { get; init; }
}
