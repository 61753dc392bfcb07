using System.Globalization;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The labels of a classifier in the order of the model's outputs: the key values of the column it was trained on, of whatever type they
/// were, or the names of a checkpoint.
/// </summary>
internal sealed class LabelSet
{
    private static readonly Dictionary<string, (DataViewType Type, Func<string, object> Parse)> Types = new(StringComparer.Ordinal)
    {
        ["Text"] = (TextDataViewType.Instance, s => s.AsMemory()),
        ["Boolean"] = (BooleanDataViewType.Instance, s => bool.Parse(s)),
        ["SByte"] = (NumberDataViewType.SByte, s => sbyte.Parse(s, CultureInfo.InvariantCulture)),
        ["Byte"] = (NumberDataViewType.Byte, s => byte.Parse(s, CultureInfo.InvariantCulture)),
        ["Int16"] = (NumberDataViewType.Int16, s => short.Parse(s, CultureInfo.InvariantCulture)),
        ["UInt16"] = (NumberDataViewType.UInt16, s => ushort.Parse(s, CultureInfo.InvariantCulture)),
        ["Int32"] = (NumberDataViewType.Int32, s => int.Parse(s, CultureInfo.InvariantCulture)),
        ["UInt32"] = (NumberDataViewType.UInt32, s => uint.Parse(s, CultureInfo.InvariantCulture)),
        ["Int64"] = (NumberDataViewType.Int64, s => long.Parse(s, CultureInfo.InvariantCulture)),
        ["UInt64"] = (NumberDataViewType.UInt64, s => ulong.Parse(s, CultureInfo.InvariantCulture)),
        ["Single"] = (NumberDataViewType.Single, s => float.Parse(s, CultureInfo.InvariantCulture)),
        ["Double"] = (NumberDataViewType.Double, s => double.Parse(s, CultureInfo.InvariantCulture)),
        ["DateTime"] = (DateTimeDataViewType.Instance, s => DateTime.Parse(s, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind)),
        ["TimeSpan"] = (TimeSpanDataViewType.Instance, s => TimeSpan.Parse(s, CultureInfo.InvariantCulture)),
    };

    private readonly string? _typeName;

    private LabelSet(IReadOnlyList<string> names, string? typeName)
    {
        Names = names;
        _typeName = typeName;
    }

    /// <summary>The labels as text.</summary>
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The key type of a predicted label.</summary>
    internal KeyDataViewType KeyType => new(typeof(uint), (ulong)Names.Count);

    /// <summary>The names of a checkpoint.</summary>
    internal static LabelSet FromNames(IReadOnlyList<string> names) => new(names, "Text");

    /// <summary>The labels of a key column.</summary>
    /// <param name="column">The column; of a key type.</param>
    internal static LabelSet FromKeyColumn(DataViewSchema.Column column)
    {
        var key = (KeyDataViewType)column.Type;
        if (key.Count is 0 or > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(column), $"The label column '{column.Name}' has {key.Count} key values; a classifier needs a known number of them.");
        int count = (int)key.Count;
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues") is not { } values || values.Type is not VectorDataViewType { ItemType: { } item })
            return new LabelSet(Numbers(count), null);
        var type = Types.FirstOrDefault(t => t.Value.Type.RawType == item.RawType && t.Value.Type.GetType() == item.GetType());
        if (type.Key is null)
            throw new ArgumentOutOfRangeException(nameof(column), $"The label column '{column.Name}' has key values of the type {item}, which cannot be saved; map them to text first.");
        string[] names = (string[])typeof(LabelSet).GetMethod(nameof(ReadValues), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(item.RawType).Invoke(null, [column.Annotations])!;
        return new LabelSet(names, type.Key);
    }

    /// <summary>The annotations of the column of scores: a name for each slot, and what evaluators look for.</summary>
    internal DataViewSchema.Annotations ScoreAnnotations(string scoreKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        var names = Names.Select(n => n.AsMemory()).ToArray();
        builder.Add("SlotNames", new VectorDataViewType(TextDataViewType.Instance, names.Length), Getters.Vector(() => names));
        StageAnnotations.AddScoreKind(builder, scoreKind);
        return builder.ToAnnotations();
    }

    /// <summary>The annotations of the predicted label: the labels themselves, of the type they had; none where the key had none.</summary>
    internal DataViewSchema.Annotations KeyAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (_typeName is not null)
        {
            var (type, parse) = Types[_typeName];
            typeof(LabelSet).GetMethod(nameof(AddKeyValues), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(type.RawType).Invoke(null, [builder, type, Names.Select(parse).ToArray()]);
        }

        StageAnnotations.AddScoreKind(builder, "MulticlassClassification", "PredictedLabel");
        return builder.ToAnnotations();
    }

    /// <summary>As it is kept in a model file.</summary>
    internal LabelSetData ToData() => new(_typeName, Names);

    /// <summary>From a model file.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    internal static LabelSet FromData(LabelSetData data)
    {
        if (data.Names is null || (data.Type is not null && !Types.ContainsKey(data.Type)))
            throw new FormatException("The model file is damaged: its labels cannot be read.");
        if (data.Type is { } name)
        {
            foreach (string value in data.Names)
                Types[name].Parse(value);
        }

        return new LabelSet(data.Names, data.Type);
    }

    private static string[] Numbers(int count) => Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();

    private static string[] ReadValues<T>(DataViewSchema.Annotations annotations)
    {
        VBuffer<T> values = default;
        annotations.GetValue("KeyValues", ref values);
        return values.DenseValues().Select(v => v switch
        {
            DateTime d => d.ToString("O", CultureInfo.InvariantCulture),
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => v?.ToString() ?? "",
        }).ToArray();
    }

    private static void AddKeyValues<T>(DataViewSchema.Annotations.Builder builder, PrimitiveDataViewType type, object[] values)
    {
        T[] typed = [.. values.Cast<T>()];
        builder.Add("KeyValues", new VectorDataViewType(type, typed.Length), Getters.Vector(() => typed));
    }
}
