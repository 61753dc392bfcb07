namespace Microsoft.ML.Perceiver;

/// <content>The preprocessor in a graph.</content>
public sealed partial class PerceiverMultimodalPreprocessor
{
    /// <summary>Whether a modality is masked wherever it is, so that a graph has no input for it.</summary>
    private bool IsMaskedWhole(string modality) => _maskProbabilities.GetValueOrDefault(modality) == 1;

    /// <inheritdoc/>
    /// <remarks>One for each modality, of its name. A label that is masked anyway has none.</remarks>
    internal override OnnxInputs InputsToOnnx(OnnxBuilder builder, OnnxExtents extents, string? name = null)
    {
        var values = _modalities.Sorted
            .Where(m => m.Value is not PerceiverOneHotPreprocessor || !IsMaskedWhole(m.Key))
            .ToDictionary(m => m.Key, m => m.Value.InputsToOnnx(builder, extents, m.Key).Value, StringComparer.Ordinal);
        return new OnnxInputs(null, values);
    }

    /// <inheritdoc/>
    /// <remarks>A modality that is masked whole may be missing where it has one position, as a label has.</remarks>
    internal override OnnxPreprocessed ToOnnx(OnnxBuilder builder, OnnxInputs inputs)
    {
        var parts = new List<OnnxValue>();
        var sizes = new Dictionary<string, OnnxDimension>(StringComparer.Ordinal);
        var withoutPositions = new Dictionary<string, OnnxValue>(StringComparer.Ordinal);
        var batch = inputs.Modalities!.Values.First()[0];
        foreach (var (name, preprocessor) in _modalities.Sorted)
        {
            var part = inputs.Find(name) is null && IsMaskedWhole(name)
                ? MaskOf(builder, name, batch, 1)
                : Prepared(builder, name, preprocessor.ToOnnx(builder, inputs.Of(name)), withoutPositions);
            parts.Add(part);
            sizes[name] = part[1];
        }

        return new OnnxPreprocessed(builder.Concat(1, [.. parts]))
        {
            ModalitySizes = sizes,
            ModalitiesWithoutPositions = withoutPositions,
        };
    }

    private OnnxValue Prepared(
        OnnxBuilder builder, string name, OnnxPreprocessed prepared, Dictionary<string, OnnxValue> withoutPositions)
    {
        if (prepared.WithoutPositions is { } bare)
            withoutPositions[name] = bare;
        return _maskProbabilities.GetValueOrDefault(name) switch
        {
            0 => _padding.PadToOnnx(builder, name, prepared.Inputs),
            1 => MaskOf(builder, name, prepared.Inputs[0], prepared.Inputs[1]),
            double probability => throw new NotSupportedException(
                $"The modality '{name}' is masked at random, with a probability of {probability}; a graph draws no random numbers."),
        };
    }

    private OnnxValue MaskOf(OnnxBuilder builder, string name, OnnxDimension batch, OnnxDimension positions)
    {
        var vector = builder.Unsqueeze(builder.Parameter(_mask.Of(name)), 0);
        return builder.Expand(vector, batch, positions, vector[2]);
    }
}
