using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What all heads can be told about how they run.</summary>
public abstract class PerceiverOptions
{
    /// <summary>
    /// "cpu", "cuda" or "cuda:1"; null, the default, for what the context says (<see cref="MLContext.GpuDeviceId"/>,
    /// <see cref="MLContext.FallbackToCpu"/>). It is not saved with a model: a loaded model runs where its context says.
    /// </summary>
    public string? Device { get; set; }

    /// <summary>The number format of the weights and of the computation. The default is float32.</summary>
    public PerceiverPrecision Precision { get; set; } = PerceiverPrecision.Float32;

    /// <summary>Rows of a forward pass, 1 at least. The default is 32.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// The memory that the activations of a forward pass may take, in bytes; fewer rows than <see cref="BatchSize"/> go together where they
    /// would need more. Null, the default, sets no limit.
    /// </summary>
    public long? MaxMemoryBytes { get; set; }

    /// <summary>
    /// Where the weights are put when <c>mlContext.Model.Save</c> saves the model: null, the default, into the model file; else into this safetensors
    /// file, which the model file then names with its SHA-256, so that several models can share one and each process maps it. A file that has these
    /// very weights already, such as the checkpoint's own <c>model.safetensors</c>, stays as it is; any other is replaced. Loading fails where the
    /// file is missing or has another hash.
    /// </summary>
    public string? WeightsFile { get; set; }

    /// <summary>A copy, so that an estimator does not change when its maker's options do.</summary>
    internal TOptions Copy<TOptions>()
        where TOptions : PerceiverOptions => (TOptions)MemberwiseClone();

    internal virtual void Validate()
    {
        if (BatchSize <= 0)
            throw new ArgumentOutOfRangeException(nameof(BatchSize), BatchSize, "BatchSize must be positive.");
        if (MaxMemoryBytes <= 0)
            throw new ArgumentOutOfRangeException(nameof(MaxMemoryBytes), MaxMemoryBytes, "MaxMemoryBytes must be positive, or null.");
        if (!Enum.IsDefined(Precision))
            throw new ArgumentOutOfRangeException(nameof(Precision), Precision, "This is no precision.");
        ParseDevice(Device);
        if (WeightsFile is "")
            throw new ArgumentException("WeightsFile must not be empty.", nameof(WeightsFile));
    }

    /// <summary>The device to run on.</summary>
    internal static Device Choose(string? named, IHostEnvironment environment)
    {
        TorchRuntime.EnsureLoaded();
        var (contextGpu, contextFallback) = MlNetInternals.DeviceOf(environment);
        return ParseDevice(named) switch
        {
            { IsCpu: true } => TorchRuntime.SelectDevice(null, fallbackToCpu: true),
            { Gpu: { } index } => TorchRuntime.SelectDevice(index, fallbackToCpu: false),
            _ => TorchRuntime.SelectDevice(contextGpu, contextFallback),
        };
    }

    private protected static void RequireName(string? name, string property)
    {
        if (string.IsNullOrEmpty(name))
            throw new ArgumentException($"{property} must not be empty.", property);
    }

    /// <summary>Checks the size of pictures that come as vectors.</summary>
    private protected static void RequirePixelSize(int? pixelHeight, int? pixelWidth)
    {
        if (pixelHeight <= 0)
            throw new ArgumentOutOfRangeException("PixelHeight", pixelHeight, "PixelHeight must be positive, or null.");
        if (pixelWidth <= 0)
            throw new ArgumentOutOfRangeException("PixelWidth", pixelWidth, "PixelWidth must be positive, or null.");
        if (pixelHeight is null != pixelWidth is null)
            throw new ArgumentException("PixelHeight and PixelWidth must both be given, or neither.", "PixelWidth");
    }

    /// <summary>The precision that a checkpoint is loaded in: a training has its own, and begins with all digits.</summary>
    internal PerceiverPrecision LoadingPrecision(PerceiverTrainingOptions? training) => training is null ? Precision : PerceiverPrecision.Float32;

    /// <summary>Refuses a setting that would do nothing.</summary>
    private protected static void RequireTraining(PerceiverTrainingOptions? training, bool isSet, string property)
    {
        if (isSet && training is null)
            throw new ArgumentException($"{property} is for training; there is none.", property);
    }

    private static (bool IsCpu, int? Gpu) ParseDevice(string? name)
    {
        switch (name)
        {
            case null:
                return (false, null);
            case "cpu":
                return (true, null);
            case "cuda":
                return (false, 0);
            default:
                return name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out int index) && index >= 0
                    ? (false, index)
                    : throw new ArgumentOutOfRangeException(nameof(Device), name, "Device must be null, \"cpu\", \"cuda\" or \"cuda:<index>\".");
        }
    }
}
