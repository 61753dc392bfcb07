using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What all models share: a configuration, and being saved (reference class <c>PerceiverPreTrainedModel</c>).</summary>
public abstract class PerceiverPreTrainedModel : nn.Module
{
    internal const string WeightsName = "model.safetensors";

    private protected PerceiverPreTrainedModel(PerceiverConfig config, string name) : base(Named(config, name)) => Config = config;

    /// <summary>The configuration the model was made with, and what it has learnt about itself since: a classifier's problem type.</summary>
    public PerceiverConfig Config { get; private protected set; }

    /// <summary>
    /// Writes a folder that <see cref="PerceiverCheckpoint.FromDirectory"/> and Hugging Face's <c>from_pretrained</c> read: config.json and
    /// model.safetensors. Each file is whole or not there.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <param name="precision">The number format of the weights in the file; loading converts them back.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void SavePretrained(string directory, PerceiverPrecision precision = PerceiverPrecision.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(directory);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var type = precision.ToScalarType();
        SafeTensorsWriter.WriteFile(
            Path.Combine(directory, WeightsName), state_dict().ToDictionary(p => p.Key, p => p.Value.is_floating_point() && p.Value.dtype != type ? p.Value.to(type) : p.Value));
        AtomicFile.WriteText(Path.Combine(directory, "config.json"), SavedConfig().ToJson());
    }

    /// <summary>The configuration as a checkpoint's folder has it.</summary>
    internal PerceiverConfig SavedConfig() => Config with { Architectures = [GetType().Name] };

    /// <summary>Draws the first weights where they are wanted, and ends the construction in evaluation mode.</summary>
    private protected void FinishConstruction(bool initialize, long seed)
    {
        RegisterComponents();
        if (initialize)
            ModuleParameters.Initialize(this, seed, Config.InitializerRange);
        eval();
    }

    // The base constructor is the first thing that needs libtorch.
    private static string Named(PerceiverConfig config, string name)
    {
        ArgumentNullException.ThrowIfNull(config);
        TorchRuntime.EnsureLoaded();
        return name;
    }
}
