using System.Globalization;
using System.Reflection;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.TestHost;

/// <summary>
/// The rows of a data view as text, one line each: the values of columns, separated by tabs, the items of vectors by spaces.
/// </summary>
internal static class RowDump
{
    internal static IEnumerable<string> Lines(IDataView data, params string[] columns)
    {
        using var cursor = data.GetRowCursor(columns.Select(c => data.Schema[c]));
        var readers = columns.Select(c => Reader(cursor, cursor.Schema[c])).ToArray();
        while (cursor.MoveNext())
            yield return string.Join('\t', readers.Select(r => r()));
    }

    internal static Func<string> Reader(DataViewRow row, DataViewSchema.Column column)
    {
        bool vector = column.Type is VectorDataViewType;
        var item = column.Type is VectorDataViewType v ? v.ItemType.RawType : column.Type.RawType;
        string name = vector ? nameof(Vector) : nameof(Scalar);
        var method = typeof(RowDump).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(item);
        return (Func<string>)method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, column], null)!;
    }

    private static Func<string> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return Text(value);
        };
    }

    private static Func<string> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return string.Join(' ', value.DenseValues().Select(Text));
        };
    }

    private static string Text<T>(T value) => value switch
    {
        float f => f.ToString("R", CultureInfo.InvariantCulture),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "",
    };
}
