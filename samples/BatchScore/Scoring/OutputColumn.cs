using System.Globalization;
using System.Reflection;
using System.Text.Json;
using BatchScore.Outputs;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScore.Scoring;

/// <summary>A column of the model's output, as one field or several.</summary>
internal sealed class OutputColumn
{
    // More names than these make a list, not a field each.
    private const int MostFields = 1000;

    private static readonly MethodInfo s_scalar = MethodOf(nameof(Scalar)), s_vector = MethodOf(nameof(Vector));

    private readonly DataViewSchema.Column _column;
    private readonly DataViewType _item;
    private readonly string[]? _keys;
    private readonly bool _isSplit;

    private OutputColumn(DataViewSchema.Column column)
    {
        _column = column;
        var vector = column.Type as VectorDataViewType;
        _item = vector?.ItemType ?? column.Type;
        _keys = KeysOf(column);
        var kind = KindOf(_item, _keys);
        string[] names = vector is { IsKnownSize: true, Size: <= MostFields } ? NamesOf(column, vector.Size) : [];
        _isSplit = names.Length > 0;
        if (_isSplit)
            Fields = [.. names.Select(name => new OutputField($"{column.Name}.{name}", kind))];
        else if (vector is not null)
            Fields = [new OutputField(column.Name, kind == OutputKind.Single ? OutputKind.Singles : OutputKind.Text)];
        else
            Fields = [new OutputField(column.Name, kind)];
    }

    /// <summary>The fields.</summary>
    public IReadOnlyList<OutputField> Fields { get; }

    /// <summary>Whether a column can be written.</summary>
    public static bool CanWrite(DataViewSchema.Column column)
    {
        var item = column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
        return item is TextDataViewType or BooleanDataViewType or NumberDataViewType or KeyDataViewType;
    }

    /// <summary>A column that can be written.</summary>
    public static OutputColumn Of(DataViewSchema.Column column) => new(column);

    /// <summary>Opens the column for reading its fields.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <returns>What puts the fields of the current row into an array, from a place on.</returns>
    public Action<object?[], int> Open(DataViewRow row)
    {
        var type = _item.RawType;
        if (_column.Type is not VectorDataViewType)
        {
            var read = (Func<object>)s_scalar.MakeGenericMethod(type).Invoke(null, [row, _column])!;
            return (cells, at) => cells[at] = Value(read());
        }

        var readVector = (Func<object[]>)s_vector.MakeGenericMethod(type).Invoke(null, [row, _column])!;
        if (_isSplit)
        {
            return (cells, at) =>
            {
                object[] values = readVector();
                for (int i = 0; i < values.Length; i++)
                    cells[at + i] = Value(values[i]);
            };
        }

        return Fields[0].Kind == OutputKind.Singles
            ? (cells, at) => cells[at] = Array.ConvertAll(readVector(), value => (float)Value(value)!)
            : (cells, at) => cells[at] = Json(Array.ConvertAll(readVector(), Value));
    }

    private static MethodInfo MethodOf(string name) =>
        typeof(OutputColumn).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!;

    private static Func<object> Scalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        T value = default!;
        return () =>
        {
            getter(ref value);
            return value!;
        };
    }

    private static Func<object[]> Vector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> value = default;
        return () =>
        {
            getter(ref value);
            return [.. value.DenseValues().Select(item => (object)item!)];
        };
    }

    private static string Json(object?[] values) => JsonSerializer.Serialize(values.Select(value => value is double.NaN ? null : value));

    // Keys count from 1; 0 is a missing one.
    private object? Value(object raw)
    {
        if (_item is KeyDataViewType)
        {
            long key = Convert.ToInt64(raw, CultureInfo.InvariantCulture);
            if (_keys is null)
                return key;
            return key == 0 ? null : _keys[key - 1];
        }

        return raw switch
        {
            ReadOnlyMemory<char> text => text.ToString(),
            float or double or bool => raw,
            _ => Convert.ToInt64(raw, CultureInfo.InvariantCulture),
        };
    }

    private static OutputKind KindOf(DataViewType item, string[]? keys) => item switch
    {
        TextDataViewType => OutputKind.Text,
        BooleanDataViewType => OutputKind.Boolean,
        KeyDataViewType => keys is null ? OutputKind.Integer : OutputKind.Text,
        _ when item.RawType == typeof(float) => OutputKind.Single,
        _ when item.RawType == typeof(double) => OutputKind.Double,
        _ => OutputKind.Integer,
    };

    private static string[]? KeysOf(DataViewSchema.Column column)
    {
        const string kind = "KeyValues";
        if (column.Annotations.Schema.GetColumnOrNull(kind)?.Type is not VectorDataViewType { ItemType: TextDataViewType })
            return null;
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.Annotations.GetValue(kind, ref values);
        return [.. values.DenseValues().Select(value => value.ToString())];
    }

    private static string[] NamesOf(DataViewSchema.Column column, int size)
    {
        if (!column.HasSlotNames())
            return [];
        VBuffer<ReadOnlyMemory<char>> values = default;
        column.GetSlotNames(ref values);
        string[] names = [.. values.DenseValues().Select(value => value.ToString())];
        return names.Length == size && names.All(name => name.Length > 0) && names.Distinct().Count() == size ? names : [];
    }
}
