namespace Microsoft.ML.Perceiver;

/// <summary>How libtorch is loaded.</summary>
public sealed record TorchRuntimeOptions
{
    /// <summary>
    /// A folder with libtorch (libtorch_cpu and its neighbours), of the release that TorchSharp was built for; null looks at the environment
    /// variable <c>PERCEIVER_TORCH_LIB</c> and then where the packages put it.
    /// </summary>
    public string? LibTorchDirectory { get; init; }
}
