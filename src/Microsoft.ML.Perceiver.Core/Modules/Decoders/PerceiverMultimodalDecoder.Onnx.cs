namespace Microsoft.ML.Perceiver;

/// <content>The decoder in a graph.</content>
public sealed partial class PerceiverMultimodalDecoder
{
    /// <inheritdoc/>
    internal override OnnxValue QueryToOnnx(OnnxBuilder builder, OnnxPreprocessed inputs, OnnxInputs? points = null)
    {
        OnnxDimension start = 0;
        var queries = new List<OnnxValue>();
        foreach (var (name, decoder) in _modalities.Sorted)
        {
            var size = inputs.ModalitySizes![name];
            var withoutPositions = inputs.ModalitiesWithoutPositions?.GetValueOrDefault(name);
            var own = new OnnxPreprocessed(builder.Narrow(inputs.Inputs, 1, start, size), withoutPositions);
            start = builder.Sum(start, size);
            var wanted = points?.Find(name) ?? builder.Range(decoder.QueryCount());
            var query = decoder.QueryToOnnx(builder, own, wanted)
                ?? throw new InvalidOperationException($"The decoder of the modality '{name}' makes no queries.");
            queries.Add(_padding.PadToOnnx(builder, name, query));
        }

        return Joined(builder, queries);
    }

    /// <summary>The queries of all modalities for decoders that need no input, in a graph.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="points">Indices by modality, [points]; those that are missing have the queries of all their outputs.</param>
    internal OnnxValue QueryAtToOnnx(OnnxBuilder builder, OnnxInputs points) =>
        Joined(builder, [.. _modalities.Sorted.Select(m =>
        {
            var nothing = new OnnxPreprocessed(new OnnxValue("", OnnxElement.Float, 1, 0, 0));
            var query = m.Value.QueryToOnnx(builder, nothing, points.Find(m.Key) ?? builder.Range(m.Value.QueryCount()));
            return _padding.PadToOnnx(builder, m.Key, query!);
        })]);

    /// <inheritdoc/>
    internal override OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue? query, OnnxValue latents) =>
        _decoder.ToOnnx(builder, query, latents);

    /// <inheritdoc/>
    internal override IReadOnlyDictionary<string, OnnxDimension> QueryCountsToOnnx(OnnxInputs? points = null) =>
        _modalities.Sorted.ToDictionary(m => m.Key, m => m.Value.QueryCountToOnnx(points?.Find(m.Key)), StringComparer.Ordinal);

    private static OnnxValue Joined(OnnxBuilder builder, IReadOnlyList<OnnxValue> queries)
    {
        var batch = queries.Select(q => q[0]).FirstOrDefault(b => !b.Is(1), 1);
        return builder.Concat(1, [.. queries.Select(q => builder.Expand(q, batch, q[1], q[2]))]);
    }
}
