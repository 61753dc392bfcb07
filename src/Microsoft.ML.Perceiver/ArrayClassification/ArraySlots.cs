using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The names of an array's numbers where each is an input of the model: those of a table's columns, and of the slots of vectors, as
/// ML.NET's <c>Concatenate</c> names them.
/// </summary>
internal static class ArraySlots
{
    /// <summary>The names; null where there are none, or an input of the model is several numbers.</summary>
    /// <param name="schema">The training data's columns.</param>
    /// <param name="options">The settings.</param>
    internal static IReadOnlyList<string>? In(DataViewSchema schema, PerceiverArrayClassificationOptions options)
    {
        var columns = options.FeatureColumnNames.Select(name => schema[name]).ToArray();
        if (AreSeveralNumbers(options))
            return null;
        if (columns is [{ Type: VectorDataViewType } only])
            return StageAnnotations.SlotNamesOf(only);
        return [.. columns.SelectMany(NamesOf)];
    }

    /// <summary>Whether there are names, as far as the shape of a schema tells.</summary>
    /// <param name="schema">The shape of the training data.</param>
    /// <param name="options">The settings.</param>
    internal static bool AreIn(SchemaShape schema, PerceiverArrayClassificationOptions options)
    {
        if (AreSeveralNumbers(options))
            return false;
        return options.FeatureColumnNames is not [var only]
            || !MlNetInternals.TryFind(schema, only, out var column)
            || column.Kind == SchemaShape.Column.VectorKind.Scalar
            || column.Annotations.Any(annotation => annotation.Name == StageAnnotations.SlotNames);
    }

    private static bool AreSeveralNumbers(PerceiverArrayClassificationOptions options) =>
        options.Channels > 1 || options.Patch?.Any(elements => elements > 1) == true;

    // Unlike Concatenate's, the slots of a vector without names have their numbers.
    private static IEnumerable<string> NamesOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
            return [column.Name];
        var slots = StageAnnotations.SlotNamesOf(column) ?? Enumerable.Range(0, vector.Size).Select(i => $"{i}");
        return slots.Select(slot => $"{column.Name}.{slot}");
    }
}
