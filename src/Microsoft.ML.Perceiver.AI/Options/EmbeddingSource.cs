using Microsoft.ML.Perceiver.Models;

namespace Microsoft.ML.Perceiver;

/// <summary>How a generator's model is had.</summary>
internal abstract class EmbeddingSource
{
    private const string UnknownModel = "perceiver-sentence-embedding";

    /// <summary>Whether the options' precision and longest text are the model's.</summary>
    internal virtual bool IsCheckpoint => false;

    /// <summary>Loads the model.</summary>
    /// <param name="options">The options, which were checked.</param>
    internal abstract EmbeddingModel Load(PerceiverEmbeddingOptions options);

    /// <summary>The source that options name.</summary>
    /// <param name="options">The options.</param>
    /// <param name="resolve">The full path of a file.</param>
    internal static EmbeddingSource Of(PerceiverEmbeddingOptions options, Func<string, string> resolve) =>
        options.FilePath is { } path
            ? new FileSource(resolve(path))
            : options.Source ?? new CheckpointSource(() => PerceiverCheckpoint.Bundled(BundledModels.MiniSentence));

    /// <summary>The context to load a model with.</summary>
    private protected static MLContext NewContext(PerceiverEmbeddingOptions options) => options.CreateContext?.Invoke() ?? new MLContext();

    /// <summary>The stage of a model; one before it would change what it reads.</summary>
    /// <exception cref="ArgumentException">The model does not begin with a sentence encoder.</exception>
    private protected static PerceiverSentenceEmbeddingTransformer StageOf(ITransformer model, string what)
    {
        var first = model;
        while (first is IEnumerable<ITransformer> chain)
            first = chain.FirstOrDefault();
        return first as PerceiverSentenceEmbeddingTransformer ?? throw new ArgumentException(
            $"{what} must be a {nameof(PerceiverSentenceEmbeddingTransformer)}, or begin with one; "
            + $"it begins with {first?.GetType().Name ?? "nothing"}.");
    }

    /// <summary>The name of a folder or file, where there is one.</summary>
    private protected static string NameOf(string? name) => string.IsNullOrEmpty(name) ? UnknownModel : name;
}
