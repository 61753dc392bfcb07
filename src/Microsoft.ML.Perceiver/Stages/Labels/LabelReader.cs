using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The label column of a training set: what its type says about the problem, and its values.</summary>
internal sealed class LabelReader
{
    private readonly string _name;

    private LabelReader(string name, LabelKind kind, LabelSet labels)
    {
        _name = name;
        Kind = kind;
        Labels = labels;
    }

    internal LabelKind Kind { get; }

    internal PerceiverProblemType Problem => Kind.ToProblem();

    internal LabelSet Labels { get; }

    /// <summary>Finds out what a label column asks for.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The column.</param>
    /// <param name="wanted">The one kind of labels that is learnt; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or of no type that can be learnt.</exception>
    internal static LabelReader For(DataViewSchema schema, string name, LabelKind? wanted = null)
    {
        var column = schema.GetColumnOrNull(name) ?? throw StageErrors.Missing(name, schema.Select(c => c.Name));
        var kind = LabelKinds.Of(column, wanted);
        return new LabelReader(name, kind, kind switch
        {
            LabelKind.Class => LabelSet.FromKeyColumn(column),
            LabelKind.Truth => LabelSet.Booleans,
            LabelKind.Number => LabelSet.FromNames([name]),
            _ => LabelSet.FromNames(SlotNames(column, ((VectorDataViewType)column.Type).Size)),
        });
    }

    /// <summary>Checks that a column can be a label.</summary>
    /// <param name="shape">The shape of the schema.</param>
    /// <param name="name">The column.</param>
    /// <param name="wanted">The one kind of labels that is learnt; null for any.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or of no type that can be learnt.</exception>
    internal static LabelKind CheckIn(SchemaShape shape, string name, LabelKind? wanted = null) =>
        MlNetInternals.TryFind(shape, name, out var column)
            ? LabelKinds.Of(column, wanted)
            : throw StageErrors.Missing(name, shape.Select(c => c.Name));

    /// <summary>A function that reads the label of the row a cursor stands on.</summary>
    /// <exception cref="RowException">The label is missing, or no number.</exception>
    internal Func<float[]> CreateReader(DataViewRow row)
    {
        var column = row.Schema[_name];
        switch (Kind)
        {
            case LabelKind.Truth:
                var truth = Getters.ScalarReader<bool>(row, column);
                return () => [truth() ? 1 : 0];
            case LabelKind.Class:
                return KeyReader(row, column);
            case LabelKind.Number:
                var number = Getters.ScalarReader<float>(row, column);
                return () =>
                {
                    float value = number();
                    return float.IsFinite(value) ? [value] : throw new RowException(0, $"the label in the column '{_name}' is {value}.");
                };
            default:
                var several = SeveralReader(row, column);
                return () =>
                {
                    float[] dense = several();
                    int count = Labels.Names.Count;
                    if (dense.Length != count)
                        throw new RowException(0, $"the column '{_name}' has {dense.Length} labels, not {count}.");
                    int wrong = Array.FindIndex(dense, v => v is not (>= 0 and <= 1));
                    return wrong < 0
                        ? dense
                        : throw new RowException(
                            0, $"the label {wrong} in the column '{_name}' is {dense[wrong]}; it must be a number from 0 to 1.");
                };
        }
    }

    private Func<float[]> KeyReader(DataViewRow row, DataViewSchema.Column column)
    {
        Func<ulong> read = Type.GetTypeCode(column.Type.RawType) switch
        {
            TypeCode.Byte => Widened<byte>(row, column, v => v),
            TypeCode.UInt16 => Widened<ushort>(row, column, v => v),
            TypeCode.UInt32 => Widened<uint>(row, column, v => v),
            _ => Widened<ulong>(row, column, v => v),
        };
        return () =>
        {
            ulong key = read();
            if (key == 0)
                throw new RowException(0, $"the label in the column '{_name}' is missing (a value that the key mapping had never seen).");
            int count = Labels.Names.Count;
            return key <= (ulong)count
                ? [key - 1]
                : throw new RowException(0, $"the label in the column '{_name}' is the key {key} of {count}.");
        };
    }

    private static Func<float[]> SeveralReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (((VectorDataViewType)column.Type).ItemType is not BooleanDataViewType)
            return Getters.VectorReader<float>(row, column);
        var read = Getters.VectorReader<bool>(row, column);
        return () => Array.ConvertAll(read(), applies => applies ? 1f : 0f);
    }

    private static Func<ulong> Widened<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
    {
        var read = Getters.ScalarReader<T>(row, column);
        return () => widen(read());
    }

    private static string[] SlotNames(DataViewSchema.Column column, int count)
    {
        return StageAnnotations.SlotNamesOf(column) is { } names && names.Distinct(StringComparer.Ordinal).Count() == count
            ? names
            : Enumerable.Range(0, count).Select(i => $"LABEL_{i}").ToArray();
    }
}
