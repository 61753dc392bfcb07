using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// An annotation that says that a generator made a column. It stays with the column while other transforms take or filter rows or add
/// columns, and is lost where one replaces the column. So rows that reach a training with it can be made again from their numbers.
/// </summary>
/// <param name="Generator">What made it.</param>
/// <param name="Name">The column's name in the generated data.</param>
internal sealed record GeneratedFlowColumn(PerceiverFlowGenerator Generator, string Name)
{
    private const string Kind = "PerceiverGeneratedFlow";

    /// <summary>The annotation of a column; null where it has none.</summary>
    internal static GeneratedFlowColumn? Of(DataViewSchema.Column column)
    {
        GeneratedFlowColumn? value = null;
        if (column.Annotations.Schema.GetColumnOrNull(Kind) is not null)
            column.Annotations.GetValue(Kind, ref value);
        return value;
    }

    /// <summary>Adds the column to a schema.</summary>
    internal void AddTo(DataViewSchema.Builder schema, DataViewType type)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(Kind, AnnotationType.Instance, (ref GeneratedFlowColumn value) => value = this);
        schema.AddColumn(Name, type, annotations.ToAnnotations());
    }

    private sealed class AnnotationType() : StructuredDataViewType(typeof(GeneratedFlowColumn))
    {
        internal static AnnotationType Instance { get; } = new();

        public override bool Equals(DataViewType? other) => other is AnnotationType;
    }
}
