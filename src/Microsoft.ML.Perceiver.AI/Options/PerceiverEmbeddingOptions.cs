namespace Microsoft.ML.Perceiver;

/// <summary>
/// Which model an embedding generator has, and how it runs. One of <c>FromCheckpoint</c>, <c>FromModel</c> and <c>FromFile</c> is called;
/// of several calls the last one counts. Without any, it is the bundled model <see cref="Models.BundledModels.MiniSentence"/>.
/// </summary>
public sealed class PerceiverEmbeddingOptions
{
    private string? _filePath;

    /// <summary>
    /// The model's name in metadata and results. Null, the default, for the name of the checkpoint's folder, or of the model's file without
    /// its ending.
    /// </summary>
    public string? ModelId { get; set; }

    /// <summary>
    /// How many texts are computed together; between two batches the generator looks whether a request was cancelled. At least 1; the
    /// default is 32.
    /// </summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>
    /// The number format of the computation, for a checkpoint; null, the default, for float32. A transformer and a model's file have
    /// theirs.
    /// </summary>
    public PerceiverPrecision? Precision { get; set; }

    /// <summary>
    /// The longest text in tokens (bytes and special tokens), for a checkpoint; the end of a longer one is not read. Null, the default, for
    /// what the checkpoint says. A transformer and a model's file have theirs.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>
    /// Makes the ML.NET context that the model is loaded with, for example with a GPU; null, the default, for a context on the CPU. It is
    /// not called for a transformer, which is where it is.
    /// </summary>
    public Func<MLContext>? CreateContext { get; set; }

    /// <summary>
    /// The model's file, as <c>mlContext.Model.Save</c> wrote it; null for another source. With dependency injection a relative path begins
    /// at the content root of the host, else at the current directory.
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

    /// <summary>Another source than a file; null for none.</summary>
    internal EmbeddingSource? Source { get; private set; }

    /// <summary>Takes the weights of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint of a <see cref="PerceiverForSentenceEmbedding"/>.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="checkpoint"/> is null.</exception>
    public PerceiverEmbeddingOptions FromCheckpoint(PerceiverCheckpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return From(new CheckpointSource(() => checkpoint));
    }

    /// <summary>Takes a model that the program has. It stays the program's: the generator does not dispose it.</summary>
    /// <param name="model">
    /// A <see cref="PerceiverSentenceEmbeddingTransformer"/>, or a chain of transformers that begins with one. It must not be disposed
    /// before the generator.
    /// </param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="model"/> is null.</exception>
    public PerceiverEmbeddingOptions FromModel(ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return From(new TransformerSource(model));
    }

    /// <summary>Takes a model's file. The generator owns the model and disposes it.</summary>
    /// <param name="filePath">The file; see <see cref="FilePath"/>.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException"><paramref name="filePath"/> is null or empty.</exception>
    public PerceiverEmbeddingOptions FromFile(string filePath)
    {
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        FilePath = filePath;
        return this;
    }

    private PerceiverEmbeddingOptions From(EmbeddingSource source)
    {
        FilePath = null;
        Source = source;
        return this;
    }
}
