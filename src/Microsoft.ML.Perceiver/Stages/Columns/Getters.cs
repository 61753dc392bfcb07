using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Getters of values that are at hand.</summary>
internal static class Getters
{
    /// <summary>A getter that copies an array into a vector.</summary>
    internal static ValueGetter<VBuffer<T>> Vector<T>(Func<T[]> values) => (ref VBuffer<T> destination) =>
    {
        T[] source = values();
        var editor = VBufferEditor.Create(ref destination, source.Length);
        source.CopyTo(editor.Values);
        destination = editor.Commit();
    };

    /// <summary>A function that reads the value of the row a cursor stands on.</summary>
    internal static Func<T> ScalarReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    /// <summary>A function that reads the vector of the row a cursor stands on; a single value is a vector of one.</summary>
    internal static Func<T[]> VectorReader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            var read = ScalarReader<T>(row, column);
            return () => [read()];
        }

        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> values = default;
        return () =>
        {
            getter(ref values);
            return [.. values.DenseValues()];
        };
    }

    /// <summary>A getter as its reader wants it.</summary>
    /// <exception cref="ArgumentException">The column has values of another type.</exception>
    internal static ValueGetter<TValue> Typed<TValue>(Delegate getter, DataViewSchema.Column column) =>
        getter as ValueGetter<TValue>
        ?? throw new ArgumentException(
            $"The column '{column.Name}' has values of {column.Type.RawType}, not of {typeof(TValue)}.", nameof(column));

    /// <summary>A getter of a single value.</summary>
    internal static ValueGetter<T> Scalar<T>(Func<T> value) => (ref T destination) => destination = value();
}
