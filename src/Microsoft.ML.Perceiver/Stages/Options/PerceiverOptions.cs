using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What all heads can be told: the weights to start from, how they run, and how they are trained.</summary>
public abstract class PerceiverOptions
{
    /// <summary>The weights to start from. The default is none: random weights where training is asked for, else an error.</summary>
    [NotSaved]
    public PerceiverCheckpoint? Checkpoint { get; set; }

    /// <summary>
    /// "cpu", "cuda" or "cuda:1"; null, the default, for what the context says (<see cref="MLContext.GpuDeviceId"/>,
    /// <see cref="MLContext.FallbackToCpu"/>). It is not saved with a model: a loaded model runs where its context says.
    /// </summary>
    [NotSaved]
    public string? Device { get; set; }

    /// <summary>The number format of the weights and of the computation. The default is float32.</summary>
    public PerceiverPrecision Precision { get; set; } = PerceiverPrecision.Float32;

    /// <summary>Rows of a forward pass, from 1 to 65,536. The default is 32.</summary>
    [Range(1, 65_536)]
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// The memory that the activations of a forward pass may take, in bytes; fewer rows than <see cref="BatchSize"/> go together where they
    /// would need more. Null, the default, sets no limit.
    /// </summary>
    [Range(1.0, long.MaxValue)]
    public long? MaxMemoryBytes { get; set; }

    /// <summary>
    /// Where the weights are put when <c>mlContext.Model.Save</c> saves the model: null, the default, into the model file; else into this
    /// safetensors file, which the model file then names with its SHA-256, so that several models can share one. A file that has these very
    /// weights already, such as the checkpoint's own <c>model.safetensors</c>, stays as it is; another safetensors file is replaced, and no
    /// other file is. Loading looks for the file beside the model file, then at the path that it was saved to, and fails where there is
    /// none or it has another hash. A loaded model is saved with its weights, unless
    /// <see cref="PerceiverTransformer{TModel}.WeightsFile"/> is set.
    /// </summary>
    [NotSaved]
    [MinLength(1)]
    public string? WeightsFile { get; set; }

    /// <summary>
    /// Whether weights in a file (the checkpoint's, and <see cref="WeightsFile"/> where the model is loaded) are mapped instead of read
    /// into memory: see <see cref="PerceiverCheckpoint.WithMappedWeights"/>, which says what may be done to the file then. The default is
    /// false: the model does not depend on the file once it is loaded.
    /// </summary>
    public bool MapWeights { get; set; }

    /// <summary>How to train; null, the default, takes the checkpoint's weights as they are.</summary>
    [NotSaved]
    public PerceiverTrainingOptions? Training { get; set; }

    /// <summary>
    /// Rows to choose the best epoch by; null, the default, sets <see cref="PerceiverTrainingOptions.ValidationFraction"/> of the training
    /// rows aside.
    /// </summary>
    [ForTraining]
    public IDataView? ValidationSet { get; set; }

    /// <summary>
    /// The column with the right answers, read by training alone. Its type is the head's: see there. Heads that learn without answers
    /// (fill-mask) and features do not read it; a multimodal autoencoder, whose default is null, does where it is named. The default is
    /// "Label".
    /// </summary>
    [NotSaved]
    [AllowNull]
    [MinLength(1)]
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Whether training reads <see cref="LabelColumnName"/>.</summary>
    internal virtual bool LearnsFromLabels => true;

    /// <summary>The columns that are read to score a row.</summary>
    internal abstract IReadOnlyList<InputColumn> Inputs { get; }

    /// <summary>The heads that a checkpoint may be of.</summary>
    internal abstract IReadOnlyList<string> Heads { get; }

    /// <summary>What to do where a checkpoint is of another head; empty for nothing that the settings could do.</summary>
    internal virtual string HeadRemedy => "";

    /// <summary>A copy, so that an estimator does not change when its maker's options do.</summary>
    internal TOptions Copy<TOptions>()
        where TOptions : PerceiverOptions => (TOptions)MemberwiseClone();

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentException">One is out of its range, or does not go with another.</exception>
    internal void Validate()
    {
        CheckHead();
        CheckActivation();
        OptionChecks.Check(this);
        ParseDevice(Device);
        Training?.Validate();
        CheckTogether();
        CheckStart();
        CheckAttention();
        if (Training is not null)
            return;
        OptionChecks.RequireNoneForTraining(this);
        if (Checkpoint is null)
            throw new ArgumentException("A checkpoint is needed, or Training to learn from the data.", nameof(Checkpoint));
    }

    // Before any number of the configuration is looked at, which may suit the other head only.
    private void CheckHead()
    {
        if (Checkpoint is not null && HeadMismatch.Describe(Checkpoint, Heads) is { } message)
            throw new ArgumentException(message + HeadRemedy, nameof(Checkpoint));
    }

    private void CheckActivation()
    {
        if (Checkpoint?.Config.HiddenActivationFunction is not null)
        {
            throw new ArgumentException(
                $"The configuration has a {nameof(PerceiverConfig.HiddenActivationFunction)}, which a model file cannot hold; "
                + $"a stage takes an activation by its name, as {nameof(PerceiverConfig.HiddenActivation)}.",
                nameof(Checkpoint));
        }
    }

    // The weights would hide what they are for, or what they could be judged by.
    private void CheckAttention()
    {
        if (this is not IAttentionOptions { AttentionColumnName: { } name })
            return;
        bool isLabel = Training is not null && LearnsFromLabels && name == LabelColumnName;
        if (isLabel || Inputs.Any(input => input.Name == name))
        {
            throw new ArgumentException(
                $"{nameof(IAttentionOptions.AttentionColumnName)} is '{name}', a column that is read; the weights need another name.",
                nameof(IAttentionOptions.AttentionColumnName));
        }
    }

    /// <summary>The weights to start from: random ones of a preset where none are named, which only a training may start from.</summary>
    internal PerceiverCheckpoint CheckpointOr(
        PerceiverConfig preset, PerceiverInitialization initialization = PerceiverInitialization.TruncatedNormal) =>
        Checkpoint ?? PerceiverCheckpoint.FromConfig(preset, Training!.SeedOrDefault, initialization);

    /// <summary>The device to run on.</summary>
    /// <exception cref="ArgumentException">The precision is not for this device.</exception>
    internal Device ChooseDevice(IHostEnvironment environment)
    {
        TorchRuntime.EnsureLoaded();
        var (contextGpu, contextFallback) = MlNetInternals.DeviceOf(environment);
        var device = ParseDevice(Device) switch
        {
            { IsCpu: true } => TorchRuntime.SelectDevice(null, fallbackToCpu: true),
            { Gpu: { } index } => TorchRuntime.SelectDevice(index, fallbackToCpu: false),
            _ => TorchRuntime.SelectDevice(contextGpu, contextFallback),
        };
        return Precision != PerceiverPrecision.Int8 || device.type == TorchSharp.DeviceType.CPU
            ? device
            : throw new ArgumentException(
                $"{PerceiverPrecision.Int8} is for the CPU; on {device.type}, {PerceiverPrecision.BFloat16} is faster.");
    }

    /// <summary>Checks settings that a model file has; what it is started from and trained by is not among them.</summary>
    /// <exception cref="ArgumentException">One is out of its range, or does not go with another.</exception>
    internal void CheckSaved()
    {
        OptionChecks.Check(this);
        CheckTogether();
    }

    /// <summary>Checks what the attributes of single properties cannot say.</summary>
    private protected virtual void CheckTogether()
    {
    }

    /// <summary>Checks what the model is started from and how it is trained, where a head does not take all that others do.</summary>
    private protected virtual void CheckStart()
    {
    }

    private protected void RequireLabel()
    {
        if (LabelColumnName is null)
            throw new ArgumentException($"{nameof(LabelColumnName)} must not be empty.", nameof(LabelColumnName));
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
                if (name.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(name.AsSpan(5), out int index) && index >= 0)
                    return (false, index);
                throw new ArgumentOutOfRangeException(
                    nameof(Device), name, "Device must be null, \"cpu\", \"cuda\" or \"cuda:<index>\".");
        }
    }
}
