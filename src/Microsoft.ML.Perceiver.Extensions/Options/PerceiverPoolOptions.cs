using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Where a served model comes from, and how many requests it takes. One of <c>FromFile</c>, <c>FromStream</c> and <c>FromModel</c> is
/// called; of several calls the last one counts.
/// </summary>
/// <typeparam name="TInput">The class of a row that is predicted.</typeparam>
/// <typeparam name="TOutput">The class of a prediction.</typeparam>
public sealed class PerceiverPoolOptions<TInput, TOutput>
    where TInput : class
    where TOutput : class, new()
{
    private string? _filePath;

    /// <summary>
    /// How many prediction engines there are, each with a thread of its own: as many requests are predicted at once. They share the weights
    /// of the model. The default is the number of processors.
    /// </summary>
    public int Engines { get; set; } = Environment.ProcessorCount;

    /// <summary>
    /// How many requests may wait while all engines are busy. A further one fails with <see cref="PerceiverQueueFullException"/>. 0 for
    /// none; the default is 1000.
    /// </summary>
    public int MaxQueueLength { get; set; } = 1000;

    /// <summary>
    /// How many threads libtorch computes with for each engine. It is set for the whole process (<c>torch.set_num_threads</c>) when the
    /// model is loaded. Null, the default, divides the processors among the engines.
    /// </summary>
    public int? ThreadsPerEngine { get; set; }

    /// <summary>
    /// The model's file, as <c>mlContext.Model.Save</c> wrote it; null for another source. A relative path begins at the content root of
    /// the host, or at the current directory where there is no host.
    /// </summary>
    public string? FilePath
    {
        get => _filePath;
        set
        {
            _filePath = value;
            if (value is not null)
                Source = null;
        }
    }

    /// <summary>
    /// Whether the model is loaded again when <see cref="FilePath"/> is replaced or written. The default is false. The file is compared
    /// every <see cref="WatchInterval"/> by its time and size, which also works for network folders and for volumes of containers.
    /// </summary>
    public bool WatchForChanges { get; set; }

    /// <summary>
    /// How often the file is compared. A file that changed is loaded once it has been the same for one interval, so that no file is read
    /// while it is being written. The default is 2 seconds.
    /// </summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A row that every engine predicts before it takes requests; null, the default, for none. A model that cannot predict it is not
    /// served, and the first request does not wait for libtorch to prepare itself.
    /// </summary>
    public TInput? TrialInput { get; set; }

    /// <summary>The columns of <typeparamref name="TInput"/>; null, the default, for those that its attributes say.</summary>
    public SchemaDefinition? InputSchemaDefinition { get; set; }

    /// <summary>The columns of <typeparamref name="TOutput"/>; null, the default, for those that its attributes say.</summary>
    public SchemaDefinition? OutputSchemaDefinition { get; set; }

    /// <summary>
    /// Makes the ML.NET context of each model that is loaded, for example with a GPU; null, the default, for a context on the CPU whose
    /// warnings go to the program's log.
    /// </summary>
    public Func<MLContext>? CreateContext { get; set; }

    /// <summary>Another source than a file; null for none.</summary>
    internal ModelSource? Source { get; private set; }

    /// <summary>Serves a model from its file. The pool owns the model and disposes it.</summary>
    /// <param name="filePath">The file; see <see cref="FilePath"/>.</param>
    /// <param name="watchForChanges">Whether the model is loaded again when the file changes; see <see cref="WatchForChanges"/>.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException"><paramref name="filePath"/> is null or empty.</exception>
    public PerceiverPoolOptions<TInput, TOutput> FromFile(string filePath, bool watchForChanges = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        FilePath = filePath;
        WatchForChanges = watchForChanges;
        return this;
    }

    /// <summary>Serves a model from a stream. The pool owns the model and disposes it.</summary>
    /// <param name="open">
    /// Opens the stream, which can seek; the pool disposes it. It is called again by
    /// <see cref="PerceiverPool{TInput, TOutput}.ReloadAsync"/>.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="open"/> is null.</exception>
    public PerceiverPoolOptions<TInput, TOutput> FromStream(Func<Stream> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return From(ModelSource.OfStream(open));
    }

    /// <summary>Serves a model that the program has. It stays the program's: the pool does not dispose it.</summary>
    /// <param name="model">The model. It must not be disposed before the pool.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public PerceiverPoolOptions<TInput, TOutput> FromModel(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return From(ModelSource.OfModel(model));
    }

    /// <summary>Serves a model that a method makes. The pool owns the model and disposes it.</summary>
    /// <param name="create">
    /// Makes a model with a context. It is called again by <see cref="PerceiverPool{TInput, TOutput}.ReloadAsync"/>, and must then make
    /// another one.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public PerceiverPoolOptions<TInput, TOutput> FromModel(Func<MLContext, ITransformer> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return From(ModelSource.OfFactory(create));
    }

    private PerceiverPoolOptions<TInput, TOutput> From(ModelSource source)
    {
        FilePath = null;
        WatchForChanges = false;
        Source = source;
        return this;
    }
}
