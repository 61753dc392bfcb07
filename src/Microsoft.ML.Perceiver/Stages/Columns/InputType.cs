using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>A type that a column which a stage reads may have.</summary>
/// <param name="Item">The type; of a vector, the items'.</param>
/// <param name="IsVector">Whether it is a vector.</param>
/// <param name="IsKey">Whether the items are keys that such numbers stand for.</param>
internal sealed record InputType(DataViewType Item, bool IsVector = false, bool IsKey = false)
{
    internal bool Is(DataViewType type)
    {
        var item = type is VectorDataViewType vector ? vector.ItemType : type;
        return type is VectorDataViewType == IsVector && item is KeyDataViewType == IsKey && item.RawType == Item.RawType;
    }

    internal bool Is(SchemaShape.Column column) =>
        column.Kind != SchemaShape.Column.VectorKind.Scalar == IsVector && column.IsKey == IsKey && column.ItemType.RawType == Item.RawType;

    public override string ToString()
    {
        string item = IsKey ? $"key of {Item}" : Item.ToString()!;
        return IsVector ? $"a vector of {item}" : item;
    }
}
