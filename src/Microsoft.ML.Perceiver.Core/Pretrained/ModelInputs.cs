namespace Microsoft.ML.Perceiver;

/// <summary>What stands before a model: the settings of its tokenizer or of its image processor.</summary>
/// <param name="Tokenizer">The tokenizer's settings; null for a model that reads no text, or where they are not known.</param>
/// <param name="ImageProcessor">The image processor's settings; null for a model that reads no images, or where they are not known.</param>
internal sealed record ModelInputs(
    PerceiverTokenizerOptions? Tokenizer = null, PerceiverImageProcessorOptions? ImageProcessor = null)
{
    /// <summary>Those of a model without files, or of one whose inputs have no files.</summary>
    internal static ModelInputs None { get; } = new();

    /// <summary>No files.</summary>
    internal static IReadOnlyDictionary<string, string> NoFiles { get; } = new Dictionary<string, string>();

    /// <summary>Those of a model that reads texts: its longest text, and none where it has too few tokens for bytes.</summary>
    internal static ModelInputs Text(PerceiverConfig config) => config.VocabularySize < PerceiverTokenizer.VocabularySize
        ? None
        : new ModelInputs(Tokenizer: new PerceiverTokenizerOptions { ModelMaxLength = config.MaxPositionEmbeddings });

    /// <summary>Those of a model that reads images, of its size.</summary>
    internal static ModelInputs Image(PerceiverConfig config) =>
        new(ImageProcessor: PerceiverImageProcessorOptions.OfSize(config.ImageSize));

    /// <summary>Those that a checkpoint's files have. A damaged file counts as missing: no prediction needs it.</summary>
    internal static ModelInputs Of(PerceiverCheckpoint checkpoint) =>
        new(ValueOrNull(() => checkpoint.Tokenizer), ValueOrNull(() => checkpoint.ImageProcessor));

    /// <summary>
    /// Of the kinds that these inputs have, the settings of the checkpoint that the model was loaded from, where it has them.
    /// </summary>
    /// <param name="loaded">The checkpoint's.</param>
    internal ModelInputs Prefer(ModelInputs loaded) => new(
        Tokenizer is { } tokenizer && loaded.Tokenizer is { } own
            ? own with { ModelMaxLength = Math.Min(own.ModelMaxLength, tokenizer.ModelMaxLength) }
            : Tokenizer,
        ImageProcessor is null ? null : loaded.ImageProcessor ?? ImageProcessor);

    /// <summary>The files by their names, with their texts.</summary>
    internal IReadOnlyDictionary<string, string> Files()
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (ImageProcessor is not null)
            files[PerceiverImageProcessorOptions.FileName] = ImageProcessor.ToJson();
        if (Tokenizer is not null)
        {
            foreach (var (name, text) in new PerceiverTokenizer(Tokenizer).Files())
                files[name] = text;
        }

        return files;
    }

    private static T? ValueOrNull<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
