namespace Microsoft.ML.Perceiver;

/// <summary>The configuration and the weights that a model or a stage starts from.</summary>
public abstract class PerceiverCheckpoint
{
    private protected PerceiverCheckpoint()
    {
    }

    /// <summary>The configuration.</summary>
    public abstract PerceiverConfig Config { get; }

    /// <summary>The image processor's settings in the checkpoint's <c>preprocessor_config.json</c>; null where it has none.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public virtual PerceiverImageProcessorOptions? ImageProcessor => null;

    /// <summary>
    /// The tokenizer's settings in the checkpoint's <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>; null where it has
    /// neither.
    /// </summary>
    /// <exception cref="FormatException">A file is damaged, or asks for what <see cref="PerceiverTokenizer"/> does not do.</exception>
    public virtual PerceiverTokenizerOptions? Tokenizer => null;

    /// <summary>Where the weights come from, for messages.</summary>
    public abstract string Source { get; }

    /// <summary>
    /// The weights in a folder with <c>config.json</c> and <c>model.safetensors</c> or <c>pytorch_model.bin</c>, or with shards of either
    /// and an <c>index.json</c>, as Hugging Face saves them.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <returns>The checkpoint; its weights are read when a model is made of it.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">A file is missing in it.</exception>
    /// <exception cref="FormatException">A file is damaged.</exception>
    public static PerceiverCheckpoint FromDirectory(string path) => new DirectoryCheckpoint(path);

    /// <summary>
    /// A checkpoint of the Hugging Face hub, e.g. <c>deepmind/language-perceiver</c> (<see cref="PerceiverPublishedCheckpoints"/> has the
    /// names). It is kept in the cache that Python's <c>huggingface_hub</c> uses too; only missing files are downloaded, by one process at
    /// a time. Safetensors are preferred to .bin files. Where the hub cannot be reached or refuses, the version in the cache is used, and
    /// <see cref="PerceiverHubOptions.Logger"/> is told; a commit in the cache asks nobody.
    /// </summary>
    /// <param name="id">The model's name on the hub.</param>
    /// <param name="revision">A branch, a tag or a commit.</param>
    /// <param name="options">The cache, the address, the token, timeouts and retries; null for the environment's settings.</param>
    /// <param name="cancellationToken">Stops the download; the next call continues from what was downloaded.</param>
    /// <returns>The checkpoint, which lies in the cache.</returns>
    /// <exception cref="ArgumentException">The name, the revision or an option is invalid.</exception>
    /// <exception cref="FileNotFoundException">
    /// There is no such model or revision, or it has no weights; or it is not in the cache while offline.
    /// </exception>
    /// <exception cref="UnauthorizedAccessException">The hub requires a token, or refuses the one given.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached or fails, after several attempts.</exception>
    /// <exception cref="FormatException">A downloaded file is damaged.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static PerceiverCheckpoint FromHub(
        string id, string revision = "main", PerceiverHubOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.Run(() => FromHubAsync(id, revision, options, cancellationToken), CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>As <see cref="FromHub"/>, asynchronously.</summary>
    /// <inheritdoc cref="FromHub"/>
    public static async Task<PerceiverCheckpoint> FromHubAsync(
        string id, string revision = "main", PerceiverHubOptions? options = null, CancellationToken cancellationToken = default) =>
        FromDirectory(await new HubModel(id, revision, options ?? new()).FetchAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Random weights, the same for the same seed.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="initialization">How the weights are initialised.</param>
    /// <returns>The checkpoint; its weights are drawn when a model is made of it.</returns>
    /// <exception cref="ArgumentException">The configuration's numbers do not fit each other.</exception>
    public static PerceiverCheckpoint FromConfig(
        PerceiverConfig config, long seed = 0, PerceiverInitialization initialization = PerceiverInitialization.TruncatedNormal) =>
        new ConfigCheckpoint(config, seed, initialization);

    /// <summary>
    /// A small trained model: of the package Microsoft.ML.Perceiver.Models, which has all of them, or of the model's own package, such as
    /// Microsoft.ML.Perceiver.Models.Language.
    /// </summary>
    /// <param name="name">Its name, e.g. <see cref="Models.BundledModels.MiniLanguage"/>.</param>
    /// <returns>The checkpoint; its weights are read when a model is made of it.</returns>
    /// <exception cref="ArgumentException">There is no such model; the message lists those that there are.</exception>
    /// <exception cref="DirectoryNotFoundException">The model is not with the program; the message names its package.</exception>
    /// <exception cref="FormatException">A file of the model is damaged.</exception>
    public static PerceiverCheckpoint Bundled(string name) => FromDirectory(BundledCheckpoints.Find(name));

    /// <summary>
    /// This checkpoint with its weights' file mapped instead of read into memory. Processes then share its pages, and a model that computes
    /// in another precision takes less. The file may only be replaced by renaming another one to its name (as this library, safetensors and
    /// the hub's cache do): writing into it changes the predictions of models that were loaded from it, and truncating it ends their
    /// processes. Weights that come from no file stay as they are.
    /// </summary>
    /// <returns>A checkpoint of the same weights.</returns>
    public virtual PerceiverCheckpoint WithMappedWeights() => this;

    /// <summary>Builds a model and loads these weights into it.</summary>
    /// <typeparam name="TModel">The head's class.</typeparam>
    /// <param name="create">Makes the model without weights: its constructor with <c>initialize: false</c>.</param>
    /// <param name="config">
    /// The configuration to build with, where it differs from this checkpoint's (other labels); null for this checkpoint's.
    /// </param>
    /// <param name="newHead">
    /// Whether the head may differ from the checkpoint's: parameters that the checkpoint lacks there, or has in another shape, are randomly
    /// initialised, as is the output layer where the configuration has other labels or another problem type; for the same labels in another
    /// order its rows are reordered. False requires an exact fit, and takes the output layer as it is, whatever its labels are called.
    /// </param>
    /// <param name="seed">Seed of the parameters that are randomly initialised.</param>
    /// <param name="precision">
    /// The precision that the model computes in. Weights of another precision are converted one by one while they are read, so that only
    /// the converted ones are kept.
    /// </param>
    /// <returns>The model in evaluation mode, and a report of loaded and unused names.</returns>
    /// <exception cref="FormatException">
    /// Weights and model do not fit; the message names the checkpoint's class where it is another, and lists missing and unexpected tensors
    /// and those of another shape.
    /// </exception>
    public (TModel Model, PerceiverCheckpointReport Report) Load<TModel>(
        Func<PerceiverConfig, TModel> create,
        PerceiverConfig? config = null,
        bool newHead = false,
        long seed = 0,
        PerceiverPrecision precision = PerceiverPrecision.Float32)
        where TModel : PerceiverPreTrainedModel
    {
        ArgumentNullException.ThrowIfNull(create);
        TorchRuntime.EnsureLoaded();
        TModel? model = null;
        try
        {
            model = create(config ?? Config);
            return (model, LoadInto(model, newHead, seed, precision));
        }
        catch (Exception e) when (e is ArgumentException or FormatException && HeadMismatch.Of(this, typeof(TModel), newHead) is not null)
        {
            model?.Dispose();
            throw new FormatException($"{HeadMismatch.Of(this, typeof(TModel), newHead)} {e.Message}", e);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    private protected abstract PerceiverCheckpointReport LoadInto(
        PerceiverPreTrainedModel model, bool newHead, long seed, PerceiverPrecision precision);

    /// <summary>Loads weights into a model, which then knows the settings of what stands before it.</summary>
    private protected PerceiverCheckpointReport LoadFrom(
        ITensorSource weights, PerceiverPreTrainedModel model, bool newHead, long seed, PerceiverPrecision precision)
    {
        // Without a new head the names of a configuration are only names.
        var labels = newHead ? LabelRows.Between(Config, model.Config) : LabelRows.Unchanged;
        var report = CheckpointLoader.Load(model, weights, newHead, seed, precision, labels);
        if (newHead)
            model.KeepLabelUnits(report.Loaded);
        model.LoadedInputs = ModelInputs.Of(this);
        return report;
    }

    private sealed class ConfigCheckpoint : PerceiverCheckpoint
    {
        private readonly long _seed;
        private readonly PerceiverInitialization _initialization;

        internal ConfigCheckpoint(PerceiverConfig config, long seed, PerceiverInitialization initialization)
        {
            ArgumentNullException.ThrowIfNull(config);
            config.Validate();
            if (!Enum.IsDefined(initialization))
                throw new ArgumentOutOfRangeException(nameof(initialization), initialization, "This is no initialization.");
            Config = config;
            _seed = seed;
            _initialization = initialization;
        }

        public override PerceiverConfig Config { get; }

        public override string Source => "random weights";

        private protected override PerceiverCheckpointReport LoadInto(
            PerceiverPreTrainedModel model, bool newHead, long seed, PerceiverPrecision precision)
        {
            model.Initialize(_initialization, _seed);
            model.ComputeIn(precision);
            return new PerceiverCheckpointReport([], [.. PerceiverModuleParameters.OwnedWithNames(model).Select(p => p.Name)], []);
        }
    }
}
