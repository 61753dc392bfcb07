namespace Microsoft.ML.Perceiver;

/// <summary>A model of a checkpoint.</summary>
/// <param name="find">Gives the checkpoint; called when the model is loaded.</param>
internal sealed class CheckpointSource(Func<PerceiverCheckpoint> find) : EmbeddingSource
{
    internal override bool IsCheckpoint => true;

    internal override EmbeddingModel Load(PerceiverEmbeddingOptions options)
    {
        var checkpoint = find();
        var context = NewContext(options);
        var estimator = context.Transforms.PerceiverSentenceEmbedding(new PerceiverSentenceEmbeddingOptions
        {
            Checkpoint = checkpoint,
            Precision = options.Precision ?? PerceiverPrecision.Float32,
            MaxLength = options.MaxLength,
            BatchSize = options.BatchSize,
        });
        var transformer = estimator.Fit(context.Data.LoadFromEnumerable(Array.Empty<EmbeddingRow>()));
        // The source is the weights' file, in a folder that has the model's name.
        string? name = File.Exists(checkpoint.Source) ? Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(checkpoint.Source))) : null;
        return new EmbeddingModel(transformer, transformer, context, options.ModelId ?? NameOf(name));
    }
}

/// <summary>A model that the program has.</summary>
/// <param name="model">The model.</param>
internal sealed class TransformerSource(ITransformer model) : EmbeddingSource
{
    internal override EmbeddingModel Load(PerceiverEmbeddingOptions options) =>
        new(StageOf(model, "The model"), Owned: null, new MLContext(), options.ModelId ?? NameOf(null));
}

/// <summary>A model in a file of ML.NET.</summary>
/// <param name="path">The file's full path.</param>
internal sealed class FileSource(string path) : EmbeddingSource
{
    internal override EmbeddingModel Load(PerceiverEmbeddingOptions options)
    {
        var context = NewContext(options);
        var model = context.Model.LoadPerceiver(path, out _);
        try
        {
            var stage = StageOf(model, $"The model in '{path}'");
            string id = options.ModelId ?? NameOf(Path.GetFileNameWithoutExtension(path));
            return new EmbeddingModel(stage, model as IDisposable ?? stage, context, id);
        }
        catch
        {
            (model as IDisposable)?.Dispose();
            throw;
        }
    }
}
