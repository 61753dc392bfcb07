namespace Microsoft.ML.Perceiver;

/// <summary>How a served model is had.</summary>
/// <param name="Load">Loads or makes it with a context.</param>
/// <param name="IsOwned">Whether the pool disposes what <paramref name="Load"/> returns.</param>
internal sealed record ModelSource(Func<MLContext, ITransformer> Load, bool IsOwned)
{
    internal static ModelSource OfFile(string path) => new(context => context.Model.LoadPerceiver(path, out _), IsOwned: true);

    internal static ModelSource OfStream(Func<Stream> open) => new(context => Read(context, open), IsOwned: true);

    internal static ModelSource OfModel(ITransformer model) => new(_ => model, IsOwned: false);

    internal static ModelSource OfFactory(Func<MLContext, ITransformer> create) => new(create, IsOwned: true);

    private static ITransformer Read(MLContext context, Func<Stream> open)
    {
        using var stream = open();
        return context.Model.LoadPerceiver(stream, out _);
    }
}
