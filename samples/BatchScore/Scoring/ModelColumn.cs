using System.Globalization;
using BatchScore.Inputs;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace BatchScore.Scoring;

/// <summary>A column that the model reads, and how it is made of a row's values.</summary>
internal sealed class ModelColumn
{
    private static readonly HashSet<Type> s_integers =
        [typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong)];

    private readonly DataViewType _item;
    private readonly IVectorMaker? _vector;

    private ModelColumn(string name, DataViewType type)
    {
        (Name, Type) = (name, type);
        _item = type is VectorDataViewType vector ? vector.ItemType : type;
        if (type is VectorDataViewType { IsKnownSize: true } known)
            Size = known.Size;
        if (type is VectorDataViewType)
            _vector = (IVectorMaker)Activator.CreateInstance(typeof(VectorMaker<>).MakeGenericType(_item.RawType))!;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its type.</summary>
    public DataViewType Type { get; }

    /// <summary>The length of its vectors; null where it has none, or of any length.</summary>
    public int? Size { get; }

    /// <summary>Whether it has texts.</summary>
    public bool IsText => Type is TextDataViewType;

    /// <summary>Whether it has images, or the bytes of files.</summary>
    public bool IsBytes => Type is ImageDataViewType || (_vector is not null && _item.RawType == typeof(byte));

    /// <summary>What it has, in words.</summary>
    public string TypeName => Type switch
    {
        TextDataViewType => "text",
        ImageDataViewType => "images",
        VectorDataViewType when IsBytes => "the bytes of files",
        VectorDataViewType => $"vectors of {(Size is { } size ? $"{size} " : "")}{ItemName}",
        _ => ItemName,
    };

    private string ItemName => _item is TextDataViewType ? "texts" : _item.RawType.Name;

    /// <summary>The column of that name and type.</summary>
    /// <exception cref="NotSupportedException">Nothing that is read from files can be of that type.</exception>
    public static ModelColumn Of(string name, DataViewType type)
    {
        var item = type is VectorDataViewType vector ? vector.ItemType : type;
        return type is ImageDataViewType || item is TextDataViewType or BooleanDataViewType or NumberDataViewType
            ? new ModelColumn(name, type)
            : throw new NotSupportedException($"The model's column '{name}' is of {type}, which no input format gives.");
    }

    /// <summary>The names and types of columns.</summary>
    public static string List(IEnumerable<ModelColumn> columns) =>
        string.Join(", ", columns.Select(column => $"'{column.Name}' ({column.TypeName})").DefaultIfEmpty("none"));

    /// <summary>Whether values of a type, of a file that has types, can be this column.</summary>
    /// <param name="type">The type of a value, or of a list's elements.</param>
    /// <param name="isList">Whether there are lists of them.</param>
    /// <param name="fields">How many fields the column is made of.</param>
    public bool Accepts(Type type, bool isList, int fields)
    {
        if (IsBytes)
            return type == typeof(ReadOnlyMemory<byte>) && !isList && fields == 1;
        bool isShape = _vector is null ? !isList && fields == 1 : isList != fields > 1 || (Size == 1 && !isList);
        return isShape && AcceptsItem(type);
    }

    /// <summary>Makes the column's value.</summary>
    /// <param name="cells">Values of the fields that it is made of.</param>
    /// <exception cref="BadRowException">They make none; the message names the column.</exception>
    public object Value(object?[] cells)
    {
        if (Type is ImageDataViewType)
            return cells[0] is byte[] file ? file : throw Bad("has no image");
        if (_vector is null)
            return cells.Length == 1 ? Item(cells[0]) : throw Bad($"takes one value, not {cells.Length}");
        object?[] values = cells switch
        {
            [byte[] bytes] when IsBytes => [bytes],
            [string text] when cells.Length == 1 && _item is not TextDataViewType => Split(text),
            [Array array] => [.. array.Cast<object?>()],
            [null] => throw Bad("has no value"),
            _ => cells,
        };
        if (IsBytes && values is [byte[] whole])
            return new VBuffer<byte>(whole.Length, whole);
        if (Size is { } size && values.Length != size)
            throw Bad($"takes {size} values, and the row has {values.Length}");
        return _vector.Make(Array.ConvertAll(values, Item));
    }

    private bool AcceptsItem(Type type)
    {
        if (_item is TextDataViewType)
            return type == typeof(ReadOnlyMemory<char>);
        if (_item is BooleanDataViewType)
            return type == typeof(bool);
        bool isReal = _item.RawType == typeof(float) || _item.RawType == typeof(double);
        return s_integers.Contains(type) || (isReal && (type == typeof(float) || type == typeof(double)));
    }

    private static string[] Split(string text) =>
        text.Trim().TrimStart('[').TrimEnd(']').Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);

    private object Item(object? cell)
    {
        if (_item is TextDataViewType)
            return (cell as string ?? "").AsMemory();
        bool isReal = _item.RawType == typeof(float) || _item.RawType == typeof(double);
        // ML.NET's missing number.
        if (cell is null or "")
            return isReal ? Convert.ChangeType(double.NaN, _item.RawType, CultureInfo.InvariantCulture) : throw Bad("has no value");
        if (_item is BooleanDataViewType && cell is "0" or "1")
            return cell is "1";
        try
        {
            object value = Convert.ChangeType(cell, _item.RawType, CultureInfo.InvariantCulture);
            return value;
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidCastException)
        {
            throw Bad($"takes {_item.RawType.Name}, and the row has '{cell}'");
        }
    }

    private BadRowException Bad(string what) => new($"the column '{Name}' {what}.");
}
