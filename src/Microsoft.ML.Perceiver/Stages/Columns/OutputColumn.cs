using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>A column that a stage writes.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Annotations">What is known about it; null for nothing.</param>
internal record OutputColumn(string Name, DataViewType Type, DataViewSchema.Annotations? Annotations = null)
{
    /// <summary>The column's shape, as an estimator's output schema has it.</summary>
    internal SchemaShape.Column ToShape()
    {
        var item = Type is VectorDataViewType vector ? vector.ItemType : Type;
        var kind = Type switch
        {
            VectorDataViewType { IsKnownSize: true } => SchemaShape.Column.VectorKind.Vector,
            VectorDataViewType => SchemaShape.Column.VectorKind.VariableVector,
            _ => SchemaShape.Column.VectorKind.Scalar,
        };
        bool isKey = item is KeyDataViewType;
        var shape = Annotations is null || Annotations.Schema.Count == 0
            ? null
            : new SchemaShape(Annotations.Schema.Select(a => new OutputColumn(a.Name, a.Type).ToShape()));
        return MlNetInternals.ColumnShape(Name, kind, isKey ? NumberDataViewType.UInt32 : item, isKey, shape);
    }

    /// <summary>Refuses two columns of one name, of which the later would hide the other.</summary>
    /// <param name="outputs">The columns that a stage writes.</param>
    /// <param name="options">Its settings, of which the error names those at fault.</param>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    internal static void RequireDistinct(IEnumerable<OutputColumn> outputs, object options)
    {
        if (outputs.GroupBy(output => output.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1)?.Key is not { } name)
            return;
        string settings = string.Join(" and ", options.GetType().GetProperties()
            .Where(p => p.Name.EndsWith("ColumnName", StringComparison.Ordinal) && name.Equals(p.GetValue(options)))
            .Select(p => p.Name)
            .Order(StringComparer.Ordinal));
        throw new ArgumentException($"Two of the columns that are written have the name '{name}' ({settings}); each needs its own.");
    }

    /// <summary>The shape of a schema with these columns added, or put in the place of older ones of the name.</summary>
    internal static SchemaShape AddTo(SchemaShape input, IEnumerable<OutputColumn> outputs)
    {
        var columns = input.ToDictionary(c => c.Name, StringComparer.Ordinal);
        foreach (var output in outputs)
            columns[output.Name] = output.ToShape();
        return new SchemaShape(columns.Values);
    }

    /// <summary>A schema with these columns added; an older column of the same name is hidden.</summary>
    internal static DataViewSchema AddTo(DataViewSchema input, IEnumerable<OutputColumn> outputs)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(input);
        foreach (var output in outputs)
            builder.AddColumn(output.Name, output.Type, output.Annotations);
        return builder.ToSchema();
    }
}
