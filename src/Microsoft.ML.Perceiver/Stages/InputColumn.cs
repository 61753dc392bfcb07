using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>A column that a stage reads.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type it must have; of a vector, the items' type.</param>
/// <param name="Kind">Whether it must be a vector.</param>
internal sealed record InputColumn(string Name, DataViewType Type, SchemaShape.Column.VectorKind Kind = SchemaShape.Column.VectorKind.Scalar)
{
    /// <summary>The column of a schema, after its type was checked.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none, or it has another type.</exception>
    internal DataViewSchema.Column In(DataViewSchema schema)
    {
        var column = schema.GetColumnOrNull(Name) ?? throw StageErrors.Missing(Name, schema.Select(c => c.Name));
        bool vector = column.Type is VectorDataViewType;
        var item = column.Type is VectorDataViewType v ? v.ItemType : column.Type;
        if (vector != (Kind != SchemaShape.Column.VectorKind.Scalar) || item is KeyDataViewType || item.RawType != Type.RawType)
            throw StageErrors.Mistyped(Name, Expected, column.Type.ToString()!);
        return column;
    }

    /// <summary>Checks the promise of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it has another type.</exception>
    internal void CheckIn(SchemaShape shape)
    {
        if (!MlNetInternals.TryFind(shape, Name, out var column))
            throw StageErrors.Missing(Name, shape.Select(c => c.Name));
        bool vector = column.Kind != SchemaShape.Column.VectorKind.Scalar;
        if (vector != (Kind != SchemaShape.Column.VectorKind.Scalar) || column.IsKey || column.ItemType.RawType != Type.RawType)
            throw StageErrors.Mistyped(Name, Expected, $"{column.Kind} of {(column.IsKey ? "key " : "")}{column.ItemType}");
    }

    private string Expected => Kind == SchemaShape.Column.VectorKind.Scalar ? Type.ToString()! : $"a vector of {Type}";
}
