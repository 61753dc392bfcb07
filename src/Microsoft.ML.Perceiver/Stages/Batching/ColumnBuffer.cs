using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Microsoft.ML.Perceiver;

/// <summary>The values of one pass-through column for the rows of a window.</summary>
internal abstract class ColumnBuffer
{
    /// <summary>Makes the buffer of a column of a cursor.</summary>
    internal static ColumnBuffer Create(DataViewRow row, DataViewSchema.Column column, int size)
    {
        if (column.Type is ImageDataViewType)
            return new ImageBuffer(row, column, size);
        var type = column.Type is VectorDataViewType vector
            ? typeof(Vector<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(Scalar<>).MakeGenericType(column.Type.RawType);
        return (ColumnBuffer)Activator.CreateInstance(type, row, column, size)!;
    }

    /// <summary>Keeps the current row's value.</summary>
    internal abstract void Store(int slot);

    /// <summary>A getter of the value in the slot that a function gives.</summary>
    internal abstract Delegate CreateGetter(Func<int> slot);

    /// <summary>A getter of the current row's value that is free once it is kept; null where the source's own is free.</summary>
    internal virtual Delegate? CreateSourceGetter() => null;

    /// <summary>Releases what is kept.</summary>
    internal virtual void Clear()
    {
    }

    private sealed class Scalar<T>(DataViewRow row, DataViewSchema.Column column, int size) : ColumnBuffer
    {
        private readonly ValueGetter<T> _getter = row.GetGetter<T>(column);
        private readonly T[] _values = new T[size];

        internal override void Store(int slot)
        {
            // A variable of its own for each row: sources may use the object in an old one again, which a reader may have by now.
            T value = default!;
            _getter(ref value);
            _values[slot] = value;
        }

        internal override Delegate CreateGetter(Func<int> slot)
        {
            ValueGetter<T> getter = (ref T value) => value = _values[slot()];
            return getter;
        }
    }

    private sealed class Vector<T>(DataViewRow row, DataViewSchema.Column column, int size) : ColumnBuffer
    {
        private readonly ValueGetter<VBuffer<T>> _getter = row.GetGetter<VBuffer<T>>(column);
        private readonly VBuffer<T>[] _values = new VBuffer<T>[size];

        internal override void Store(int slot) => _getter(ref _values[slot]);

        internal override Delegate CreateGetter(Func<int> slot)
        {
            ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> value) => _values[slot()].CopyTo(ref value);
            return getter;
        }
    }
}
