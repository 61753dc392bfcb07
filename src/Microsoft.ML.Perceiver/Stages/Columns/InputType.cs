using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>A type that a column which a stage reads may have.</summary>
/// <param name="Item">The type; of a vector, the items'.</param>
/// <param name="IsVector">Whether it is a vector.</param>
internal sealed record InputType(DataViewType Item, bool IsVector = false)
{
    internal bool Is(DataViewType type)
    {
        var item = type is VectorDataViewType vector ? vector.ItemType : type;
        return type is VectorDataViewType == IsVector && item is not KeyDataViewType && item.RawType == Item.RawType;
    }

    internal bool Is(SchemaShape.Column column) =>
        column.Kind != SchemaShape.Column.VectorKind.Scalar == IsVector && !column.IsKey && column.ItemType.RawType == Item.RawType;

    public override string ToString() => IsVector ? $"a vector of {Item}" : Item.ToString()!;
}
