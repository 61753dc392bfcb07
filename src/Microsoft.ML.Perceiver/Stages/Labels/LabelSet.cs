using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
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

    /// <summary>Makes a set, also from a model file.</summary>
    /// <param name="type">The name of the labels' type.</param>
    /// <param name="names">The labels as text.</param>
    /// <exception cref="FormatException">There is no such type, or a label is none of it.</exception>
    [JsonConstructor]
    internal LabelSet(string? type, IReadOnlyList<string> names)
    {
        Type = type;
        Names = names;
        if (type is null)
            return;
        if (!Types.TryGetValue(type, out var known))
            throw new FormatException($"There are no labels of the type '{type}'.");
        foreach (string name in names)
            known.Parse(name);
    }

    /// <summary>The name of the labels' type; null for a key without values.</summary>
    [JsonInclude]
    internal string? Type { get; }

    /// <summary>The labels as text.</summary>
    [JsonInclude]
    internal IReadOnlyList<string> Names { get; }

    /// <summary>The key type of a predicted label.</summary>
    [JsonIgnore]
    internal KeyDataViewType KeyType => new(typeof(uint), (ulong)Names.Count);

    /// <summary>Stands for labels whose names and number only training finds out; the shape of a schema does not tell them.</summary>
    internal static LabelSet Unknown { get; } = FromNames(["a", "b"]);

    /// <summary>The labels of a binary classification, by what they are as numbers.</summary>
    internal static LabelSet Booleans { get; } = new("Boolean", [bool.FalseString, bool.TrueString]);

    /// <summary>Labels that are texts.</summary>
    internal static LabelSet FromNames(IReadOnlyList<string> names) => new("Text", names);

    /// <summary>The labels of a checkpoint.</summary>
    internal static LabelSet Of(PerceiverConfig config) => FromNames(config.LabelNames);

    /// <summary>
    /// Refuses a validation set with other labels, or with the same ones in another order: it would be scored against the wrong ones
    /// without a word.
    /// </summary>
    /// <param name="validation">Its labels; null where they are of another kind.</param>
    /// <param name="column">The label column.</param>
    /// <exception cref="ArgumentException">It has other labels than the training data, whose these are.</exception>
    internal void RequireSame(LabelSet? validation, string column)
    {
        if (validation?.Names.SequenceEqual(Names) != true)
        {
            throw new ArgumentException(
                $"The label column '{column}' of the validation set has other labels than the training data's; "
                + "map both with the same transformer.",
                nameof(validation));
        }
    }

    /// <summary>The labels of a column of keys.</summary>
    /// <param name="column">The column; of a key type, or vectors of keys.</param>
    internal static LabelSet FromKeyColumn(DataViewSchema.Column column)
    {
        var key = (KeyDataViewType)(column.Type is VectorDataViewType vector ? vector.ItemType : column.Type);
        if (key.Count is 0 or > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(column), $"The label column '{column.Name}' has {key.Count} key values; a classifier needs a known number of them.");
        }

        int count = (int)key.Count;
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType { ItemType: { } item })
            return new LabelSet(null, Numbers(count));
        var type = Types.FirstOrDefault(t => t.Value.Type.RawType == item.RawType && t.Value.Type.GetType() == item.GetType());
        if (type.Key is null)
        {
            throw new ArgumentOutOfRangeException(
                nameof(column),
                $"The label column '{column.Name}' has key values of the type {item}, which cannot be saved; map them to text first.");
        }

        string[] names = (string[])Generic(nameof(ReadValues), item.RawType).Invoke(null, [column.Annotations])!;
        return new LabelSet(type.Key, names);
    }

    /// <summary>The annotations of the column of scores: a name for each slot, and what evaluators look for.</summary>
    internal DataViewSchema.Annotations ScoreAnnotations(string scoreKind)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        StageAnnotations.AddSlotNames(builder, Names);
        StageAnnotations.AddScoreKind(builder, scoreKind);
        return builder.ToAnnotations();
    }

    /// <summary>The annotations of the predicted label: the labels themselves, of the type they had; none where the key had none.</summary>
    internal DataViewSchema.Annotations KeyAnnotations()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        if (Type is not null)
        {
            var (type, parse) = Types[Type];
            Generic(nameof(AddKeyValues), type.RawType).Invoke(null, [builder, type, Names.Select(parse).ToArray()]);
        }

        StageAnnotations.AddScoreKind(builder, "MulticlassClassification", "PredictedLabel");
        return builder.ToAnnotations();
    }

    private static MethodInfo Generic(string method, Type type) =>
        typeof(LabelSet).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type);

    private static string[] Numbers(int count) =>
        Enumerable.Range(0, count).Select(i => i.ToString(CultureInfo.InvariantCulture)).ToArray();

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
