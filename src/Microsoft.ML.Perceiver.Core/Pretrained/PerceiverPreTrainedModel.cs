using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What all models share: a configuration, initialisation, precision and saving (reference class <c>PerceiverPreTrainedModel</c>).
/// </summary>
public abstract class PerceiverPreTrainedModel : nn.Module
{
    /// <summary>The largest file of weights that is written by default, as in the reference: 5 GB.</summary>
    public const long DefaultMaxShardSize = 5_000_000_000;

    // Rearranged weights of models up to this size, 64 MB, may take their memory again.
    private const long SmallBytes = 64L << 20;

    private bool _isInt8;

    private protected PerceiverPreTrainedModel(PerceiverConfig config, string name) : base(Named(config, name)) => Config = config;

    /// <summary>
    /// The configuration that the model was made with; a classifier adds its problem type when the first labels decide it.
    /// </summary>
    public PerceiverConfig Config { get; private protected set; }

    /// <summary>The device of the weights; the meta device before they have memory.</summary>
    internal Device Device => parameters().First().device;

    /// <summary>The number format of the weights.</summary>
    internal ScalarType WeightType => parameters().First().dtype;

    /// <summary>The settings of what stands before the model, in the checkpoint that it was loaded from.</summary>
    internal ModelInputs LoadedInputs { get; set; } = ModelInputs.None;

    /// <summary>The settings of what stands before the model: the checkpoint's, else the defaults.</summary>
    internal ModelInputs Inputs => DefaultInputs.Prefer(LoadedInputs);

    /// <summary>Whether weights that are loaded are prepared for prediction where that takes little memory.</summary>
    internal bool IsForPrediction { get; set; }

    /// <summary>The settings of what stands before the model where no checkpoint says otherwise.</summary>
    private protected virtual ModelInputs DefaultInputs => ModelInputs.None;

    /// <summary>
    /// Writes a folder that <see cref="PerceiverCheckpoint.FromDirectory"/> and Hugging Face's <c>from_pretrained</c> read: config.json,
    /// the weights as safetensors, and the files of what stands before the model: those of the tokenizer for a model that reads texts,
    /// preprocessor_config.json for one that reads images. These have the settings of the checkpoint that the model was loaded from, else
    /// the defaults for its configuration; where the folder has such files already, they stay as they are. Weights of an earlier save in
    /// the folder are replaced, and those of their files that the new save does not have are deleted.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <param name="precision">
    /// The number format of the weights in the files, not <see cref="PerceiverPrecision.Int8"/>; loading converts them back.
    /// </param>
    /// <param name="maxShardSize">
    /// The bytes of a file's weights at most, as the reference's <c>max_shard_size</c>. Larger weights are written as
    /// <c>model-00001-of-0000N.safetensors</c> and so on, with the index <c>model.safetensors.index.json</c>; a tensor that is larger
    /// than this has a file of its own.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Weights are not saved in this precision, or the size is not positive.</exception>
    /// <exception cref="IOException">
    /// The folder cannot be written. Nothing of an earlier save is replaced before all files are written.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void SavePretrained(
        string directory,
        PerceiverPrecision precision = PerceiverPrecision.Float32,
        long maxShardSize = DefaultMaxShardSize)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var files = Inputs.Files();
        bool hasThem = files.Keys.Any(name => File.Exists(Path.Combine(directory, name)));
        WriteFolder(directory, precision, maxShardSize, hasThem ? ModelInputs.NoFiles : files);
    }

    /// <summary>As <see cref="SavePretrained"/>, with given files of what stands before the model.</summary>
    internal void WriteFolder(
        string directory, PerceiverPrecision precision, long maxShardSize, IReadOnlyDictionary<string, string> inputs)
    {
        precision.RequireFileFormat();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxShardSize);
        var config = SavedConfig();
        var dtype = JsonSerializer.SerializeToElement(precision.ToString().ToLowerInvariant());
        config = config with { OtherKeys = new(config.OtherKeys) { ["torch_dtype"] = dtype } };
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var weights = WeightShards.Of(PendingWeights(precision.ToScalarType()), maxShardSize);
        new PretrainedFolder(directory).Write(weights, config.ToJson(), inputs);
    }

    /// <summary>
    /// Converts the weights. On the meta device that costs nothing, and weights that are loaded later are converted one by one.
    /// </summary>
    /// <param name="precision">The precision. 8-bit integers are made from weights that have memory, which stay as they are.</param>
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

    /// <summary>
    /// Rearranges the weights of the layers for the processor's products, where that makes predictions faster: for
    /// <see cref="PerceiverPrecision.Float32"/> on AMD processors with AVX-512, for <see cref="PerceiverPrecision.BFloat16"/> on processors
    /// that multiply it. The rearranged weights take as much memory as the weights again, which stay for saving and training. Call it when
    /// the weights are those to predict with: they must not be changed in place afterwards. Training mode and a conversion of the
    /// weights end it, so that it must be called again then. The stages of ML.NET call it themselves.
    /// </summary>
    /// <returns>Whether predictions use rearranged weights now.</returns>
    public bool PrepareForInference() => Prepare(afterLayer: null);

    /// <summary>
    /// As <see cref="PrepareForInference"/>, for a stage of ML.NET: in float32, and if the weights are few or need not stay in memory
    /// themselves. Whether a model was fitted or loaded makes no difference.
    /// </summary>
    /// <param name="releasePages">Releases the weights' pages, which are those of a file; null where they are not.</param>
    internal void PrepareForStage(Action? releasePages = null)
    {
        // Mapped weights are prepared while they are loaded, before the stage asks for it.
        if (WeightType != ScalarType.Float32 || modules().OfType<PerceiverLayer>().Any(l => l.IsPrepared))
            return;
        if (releasePages is not null || parameters().Sum(p => p.NumberOfElements * p.ElementSize) <= SmallBytes)
            Prepare(releasePages);
    }

    /// <summary>As <see cref="PrepareForInference"/>.</summary>
    /// <param name="afterLayer">Called after the weights of each layer were rearranged; null for nothing.</param>
    internal bool Prepare(Action? afterLayer)
    {
        if (_isInt8 || training || !PackedWeights.AreFaster(WeightType, Device))
            return false;
        foreach (var layer in modules().OfType<PerceiverLayer>())
        {
            layer.Prepare(PackedWeights.Instance);
            afterLayer?.Invoke();
        }

        return true;
    }

    /// <summary>Computes by the weights themselves again after preparations of them.</summary>
    internal void UseOwnWeights()
    {
        foreach (var layer in modules().OfType<PerceiverLayer>())
            layer.UseOwnWeights();
        _isInt8 = false;
    }

    /// <summary>Adds the model to an export, as one graph or as several.</summary>
    /// <exception cref="NotSupportedException">It has a part that has no operators of ONNX.</exception>
    internal virtual void ToOnnx(OnnxExport export) => throw new NotSupportedException($"{GetType().Name} has no operators of ONNX.");

    /// <summary>The configuration as it is written into a checkpoint's folder.</summary>
    internal PerceiverConfig SavedConfig() =>
        SavedLabels(Config) with { Architectures = SavedArchitectures, ModelType = SavedModelType };

    /// <summary>Writes the weights as safetensors, one after the other: no more than one is copied at a time.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    internal void WriteWeights(Stream stream)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        SafeTensorsWriter.Write(stream, PendingWeights(floats: null));
    }

    /// <summary>Whether a file has exactly these weights, bit by bit.</summary>
    internal bool HasWeightsOf(SafeTensorsFile file)
    {
        using var scope = NewDisposeScope();
        var state = state_dict();
        return state.Count == file.Tensors.Count && file.Tensors.All(IsEqual);

        bool IsEqual(PerceiverTensorInfo info) =>
            state.TryGetValue(info.Name, out var value)
            && value.dtype == info.Dtype
            && value.shape.SequenceEqual(info.Shape)
            && TensorBytes.AreEqual(value, file.Get(info.Name));
    }

    /// <summary>
    /// Notes that the numbers of a regression whose output layer was loaded are in its labels' unit, where nothing else is known.
    /// </summary>
    /// <param name="loaded">The parameters that were loaded.</param>
    internal virtual void KeepLabelUnits(IReadOnlyList<string> loaded)
    {
    }

    /// <summary>The classes that a saved configuration names: this one, then others that say more of its parts.</summary>
    private protected virtual IReadOnlyList<string> SavedArchitectures => [GetType().Name];

    /// <summary>The type of model that a saved configuration names.</summary>
    private protected virtual string SavedModelType => PerceiverConfig.ReferenceModelType;

    /// <summary>The configuration with the labels that the reference needs to build the same head.</summary>
    private protected virtual PerceiverConfig SavedLabels(PerceiverConfig config) => config;

    /// <summary>Initialises all parameters that have no memory yet.</summary>
    /// <param name="initialization">How they are initialised.</param>
    /// <param name="seed">The seed.</param>
    /// <exception cref="ArgumentException">
    /// The initialisation is for other models, or the configuration's numbers leave it no room.
    /// </exception>
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

    /// <summary>Initialises the weights locally: here those of a model that reads text; other models override this.</summary>
    /// <param name="initialization">The initialisation.</param>
    /// <param name="weights">This model's weights by state-dictionary name; all of them have memory.</param>
    /// <param name="generator">The random number generator.</param>
    /// <exception cref="ArgumentException">
    /// The initialisation is for other models, or the configuration's numbers leave it no room.
    /// </exception>
    private protected virtual void InitializeLocally(
        PerceiverInitialization initialization, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        if (initialization != PerceiverInitialization.LocalText || !LocalTextInitializer.Fits(weights))
            throw new ArgumentException($"{nameof(PerceiverInitialization)}.{initialization} is for other models than {GetType().Name}.");
        LocalTextInitializer.Apply(Config, weights, generator);
    }

    /// <summary>Initialises the weights where that is wanted, and switches to evaluation mode. Each constructor ends with it.</summary>
    private protected void FinishConstruction(bool initialize, long seed)
    {
        RegisterComponents();
        PerceiverModuleParameters.CheckCount(this);
        if (initialize)
            PerceiverModuleParameters.Initialize(this, seed, Config.InitializerRange);
        eval();
    }

    private PendingTensor[] PendingWeights(ScalarType? floats) =>
        [.. state_dict().Select(p => PendingTensor.Of(p.Key, p.Value, floats))];

    private void UseInt8(Action? afterLayer)
    {
        var device = Device.type;
        if (device == DeviceType.META)
            return;
        if (device != DeviceType.CPU)
            throw new ArgumentException($"{PerceiverPrecision.Int8} is for the CPU; on {device}, {PerceiverPrecision.BFloat16} is faster.");
        if (_isInt8)
            return;
        _isInt8 = true;
        foreach (var layer in modules().OfType<PerceiverLayer>())
        {
            layer.Prepare(Int8Weights.Instance);
            afterLayer?.Invoke();
        }
    }

    // The base constructor is the first call that needs libtorch.
    private static string Named(PerceiverConfig config, string name)
    {
        ArgumentNullException.ThrowIfNull(config);
        // Before any part is built of its numbers.
        config.Validate();
        TorchRuntime.EnsureLoaded();
        return name;
    }
}
