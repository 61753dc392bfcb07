using Microsoft.Extensions.AI;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Vectors of texts for Microsoft.Extensions.AI, computed on this machine by a sentence encoder that reads bytes: texts of like meaning
/// have a large cosine. The vectors have length one, so that the cosine is the sum of the products of their numbers.
/// </summary>
/// <remarks>
/// Any number of callers may use one generator at once; they share one model. Texts of several callers are computed together, those of like
/// length first, and each caller gets its vectors in its own order. A request that is cancelled ends at once, and the texts of it that are
/// not computed yet are left out. <see cref="EmbeddingGenerationOptions.ModelId"/> is not read, as there is one model; a result says its
/// name.
/// </remarks>
public sealed class PerceiverEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    private const string ProviderName = "perceiver";

    private readonly EmbeddingModel _model;
    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly EmbeddingQueue _queue;
    private readonly EmbeddingWorker _worker;

    /// <summary>Makes a generator of a checkpoint, on the CPU in float32.</summary>
    /// <param name="checkpoint">The weights of a <see cref="PerceiverForSentenceEmbedding"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="checkpoint"/> is null.</exception>
    /// <exception cref="ArgumentException">The checkpoint is of another head.</exception>
    /// <exception cref="FormatException">The weights are damaged.</exception>
    public PerceiverEmbeddingGenerator(PerceiverCheckpoint checkpoint)
        : this(new PerceiverEmbeddingOptions().FromCheckpoint(checkpoint))
    {
    }

    /// <summary>Makes a generator of a transformer, which stays the program's and must not be disposed before the generator.</summary>
    /// <param name="transformer">The transformer.</param>
    /// <exception cref="ArgumentNullException"><paramref name="transformer"/> is null.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public PerceiverEmbeddingGenerator(PerceiverSentenceEmbeddingTransformer transformer)
        : this(new PerceiverEmbeddingOptions().FromModel(transformer))
    {
    }

    /// <summary>Loads the model that options name.</summary>
    /// <param name="options">The model, and how it runs. A relative path of a file begins at the current directory.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the model is no sentence encoder.</exception>
    /// <exception cref="DirectoryNotFoundException">The bundled model is not with the program; the message names its package.</exception>
    /// <exception cref="FormatException">A file is damaged.</exception>
    public PerceiverEmbeddingGenerator(PerceiverEmbeddingOptions options)
        : this(options, path => Path.GetFullPath(path))
    {
    }

    internal PerceiverEmbeddingGenerator(PerceiverEmbeddingOptions options, Func<string, string> resolve)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] faults = [.. EmbeddingOptionChecks.Faults(options, resolve)];
        if (faults.Length > 0)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        _model = EmbeddingSource.Of(options, resolve).Load(options);
        try
        {
            _metadata = new EmbeddingGeneratorMetadata(ProviderName, null, _model.Id, _model.Transformer.EmbeddingSize);
            _queue = new EmbeddingQueue(options.BatchSize, nameof(PerceiverEmbeddingGenerator));
            _worker = new EmbeddingWorker(new TextEncoder(_model), _queue);
        }
        catch
        {
            _model.Owned?.Dispose();
            throw;
        }
    }

    /// <summary>Computes the vectors of texts.</summary>
    /// <param name="values">The texts. The end of one that is longer than the model reads is not read.</param>
    /// <param name="options">What is asked for; null for no wishes.</param>
    /// <param name="cancellationToken">Ends the request at once; a batch that is being computed is completed, and dropped.</param>
    /// <returns>
    /// A vector of float32 for each text, in the order of the texts, and the number of tokens (bytes and special tokens) that were read.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="values"/> is null.</exception>
    /// <exception cref="ArgumentException">A text is null or no valid Unicode; the message says which.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <see cref="EmbeddingGenerationOptions.Dimensions"/> is another number than the model's.
    /// </exception>
    /// <exception cref="InvalidOperationException">The transformer's settings refuse a text; the message says which.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The generator was disposed.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        CheckDimensions(options?.Dimensions);
        cancellationToken.ThrowIfCancellationRequested();
        string[] texts = [.. values];
        int[] lengths = TokenCounts.Of(texts, _model.Transformer.MaxLength);
        float[][] vectors = texts.Length == 0 ? [] : await EncodeAsync(texts, lengths, cancellationToken).ConfigureAwait(false);
        var now = DateTimeOffset.UtcNow;
        long tokens = lengths.Sum(length => (long)length);
        return new GeneratedEmbeddings<Embedding<float>>(
            vectors.Select(vector => new Embedding<float>(vector) { CreatedAt = now, ModelId = _model.Id }))
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    /// <summary>
    /// Gives this generator, its <see cref="EmbeddingGeneratorMetadata"/>, or its <see cref="PerceiverSentenceEmbeddingTransformer"/>.
    /// </summary>
    /// <param name="serviceType">The type that is asked for.</param>
    /// <param name="serviceKey">A key; there is nothing with one.</param>
    /// <returns>The object; null where there is none of the type.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="serviceType"/> is null.</exception>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        object[] services = [this, _metadata, _model.Transformer];
        return services.FirstOrDefault(serviceType.IsInstanceOfType);
    }

    /// <summary>
    /// Ends the batch that is computed now, fails the requests that wait with <see cref="ObjectDisposedException"/>, and releases the
    /// model, where it is the generator's.
    /// </summary>
    public void Dispose()
    {
        _worker.Dispose();
        _model.Owned?.Dispose();
    }

    private async Task<float[][]> EncodeAsync(string[] texts, int[] lengths, CancellationToken cancellationToken)
    {
        var request = new EmbeddingRequest(texts, lengths);
        using var cancellation = cancellationToken.Register(() => request.Cancel(cancellationToken));
        _queue.Add(request);
        return await request.Answer.ConfigureAwait(false);
    }

    private void CheckDimensions(int? dimensions)
    {
        if (dimensions is not { } wanted || wanted == _model.Transformer.EmbeddingSize)
            return;
        throw new ArgumentOutOfRangeException(
            nameof(EmbeddingGenerationOptions.Dimensions),
            wanted,
            $"The model '{_model.Id}' gives vectors of {_model.Transformer.EmbeddingSize} numbers; Dimensions must be that, or null.");
    }
}
