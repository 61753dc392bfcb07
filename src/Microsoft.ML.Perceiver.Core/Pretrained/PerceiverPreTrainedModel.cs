using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What all models share: a configuration, and being saved (reference class <c>PerceiverPreTrainedModel</c>).</summary>
public abstract class PerceiverPreTrainedModel : nn.Module
{
    private Int8Weights? _int8;

    private protected PerceiverPreTrainedModel(PerceiverConfig config, string name) : base(Named(config, name)) => Config = config;

    /// <summary>The configuration the model was made with, and what it has learnt about itself since: a classifier's problem type.</summary>
    public PerceiverConfig Config { get; private protected set; }

    /// <summary>The device that the weights lie on; the meta device before they have memory.</summary>
    internal Device Device => parameters().First().device;

    /// <summary>The number format of the weights.</summary>
    internal ScalarType WeightType => parameters().First().dtype;

    /// <summary>
    /// Writes a folder that <see cref="PerceiverCheckpoint.FromDirectory"/> and Hugging Face's <c>from_pretrained</c> read: config.json and
    /// model.safetensors. Each file is whole or not there.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <param name="precision">The number format of the weights in the file, not <see cref="PerceiverPrecision.Int8"/>; loading converts them back.</param>
    /// <exception cref="ArgumentOutOfRangeException">Weights are not saved in this precision.</exception>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void SavePretrained(string directory, PerceiverPrecision precision = PerceiverPrecision.Float32)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        precision.RequireFileFormat();
        Directory.CreateDirectory(directory);
        var config = SavedConfig();
        AtomicFile.Write(Path.Combine(directory, CheckpointFiles.SafeTensors), stream => WriteWeights(stream, precision.ToScalarType()));
        AtomicFile.WriteText(
            Path.Combine(directory, CheckpointFiles.Config),
            (config with { OtherKeys = new(config.OtherKeys) { ["torch_dtype"] = JsonSerializer.SerializeToElement(precision.ToString().ToLowerInvariant()) } }).ToJson());
    }

    /// <summary>Converts the weights. On the meta device that costs nothing, and what is loaded then is converted tensor by tensor.</summary>
    /// <param name="precision">The precision; 8-bit integers are made of weights that are there, and leave them as they are.</param>
    /// <param name="afterLayer">Called after the weights of each layer were made 8-bit integers; null for nothing.</param>
    /// <exception cref="ArgumentException">The precision is for the CPU, and the weights are elsewhere.</exception>
    /// <exception cref="PlatformNotSupportedException">libtorch cannot compute in the precision on this machine.</exception>
    internal void ComputeIn(PerceiverPrecision precision, Action? afterLayer = null)
    {
        if (precision == PerceiverPrecision.Int8)
            UseInt8(afterLayer);
        else if (precision != PerceiverPrecision.Float32)
            this.to(precision.ToScalarType());
    }

    /// <summary>Computes in floats again where it was in 8-bit integers.</summary>
    internal void UseFloats()
    {
        foreach (var layer in modules().OfType<PerceiverLayer>())
            layer.UseFloats();
        _int8?.Dispose();
        _int8 = null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;
        _int8?.Dispose();
        _int8 = null;
    }

    /// <summary>The configuration as a checkpoint's folder has it.</summary>
    internal PerceiverConfig SavedConfig() => SavedLabels(Config) with { Architectures = [GetType().Name] };

    /// <summary>Writes the weights as safetensors, one after the other: no more than one is copied at a time.</summary>
    /// <param name="stream">Where to; it stays open.</param>
    /// <param name="floats">The type of floating-point numbers; null for the weights' own.</param>
    internal void WriteWeights(Stream stream, ScalarType? floats = null)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        SafeTensorsWriter.Write(stream, [.. state_dict().Select(p => PendingTensor.Of(p.Key, p.Value, floats))]);
    }

    /// <summary>Whether a file has exactly these weights, bit by bit.</summary>
    internal bool HasWeightsOf(SafeTensorsFile file)
    {
        using var scope = NewDisposeScope();
        var state = state_dict();
        return state.Count == file.Tensors.Count && file.Tensors.All(t =>
            state.TryGetValue(t.Name, out var value) && value.dtype == t.Dtype && value.shape.SequenceEqual(t.Shape) && TensorBytes.AreEqual(value, file.Get(t.Name)));
    }

    /// <summary>The configuration with the labels that the reference needs to build the same head.</summary>
    private protected virtual PerceiverConfig SavedLabels(PerceiverConfig config) => config;

    /// <summary>Draws the first weights of all parameters that have no memory yet.</summary>
    /// <param name="initialization">How they are drawn.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">The initialisation is for other models, or the configuration's numbers leave it no room.</exception>
    internal void Initialize(PerceiverInitialization initialization, long seed)
    {
        PerceiverModuleParameters.Initialize(this, seed, Config.InitializerRange);
        if (initialization == PerceiverInitialization.TruncatedNormal)
            return;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        InitializeLocally(initialization, state_dict(), generator);
    }

    /// <summary>Draws local first weights: of a model that reads text here, of others where they override this.</summary>
    /// <param name="initialization">Which of them.</param>
    /// <param name="weights">This model's weights by state-dictionary name; all of them have memory.</param>
    /// <param name="generator">The random number generator.</param>
    /// <exception cref="ArgumentException">The initialisation is for other models, or the configuration's numbers leave it no room.</exception>
    private protected virtual void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        if (initialization != PerceiverInitialization.LocalText || !LocalTextInitializer.Fits(weights))
            throw new ArgumentException($"{nameof(PerceiverInitialization)}.{initialization} is for other models than {GetType().Name}.");
        LocalTextInitializer.Apply(Config, weights, generator);
    }

    /// <summary>Draws the first weights where they are wanted, and ends the construction in evaluation mode.</summary>
    private protected void FinishConstruction(bool initialize, long seed)
    {
        RegisterComponents();
        if (initialize)
            PerceiverModuleParameters.Initialize(this, seed, Config.InitializerRange);
        eval();
    }

    private void UseInt8(Action? afterLayer)
    {
        var device = Device.type;
        if (device == DeviceType.META)
            return;
        if (device != DeviceType.CPU)
            throw new ArgumentException($"{PerceiverPrecision.Int8} is for the CPU; on {device}, {PerceiverPrecision.BFloat16} is faster.");
        if (_int8 is not null)
            return;
        _int8 = new Int8Weights();
        foreach (var layer in modules().OfType<PerceiverLayer>())
        {
            layer.UseInt8(_int8);
            afterLayer?.Invoke();
        }
    }

    // The base constructor is the first thing that needs libtorch.
    private static string Named(PerceiverConfig config, string name)
    {
        ArgumentNullException.ThrowIfNull(config);
        TorchRuntime.EnsureLoaded();
        return name;
    }
}
