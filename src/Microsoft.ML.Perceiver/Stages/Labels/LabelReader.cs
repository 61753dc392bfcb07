using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The label column of a training set: what its type says about the problem, and its values.</summary>
internal sealed class LabelReader
{
    private const string Expected = "a key (classes), a Single (regression) or a vector of Single of known size (several labels)";
    private readonly string _name;

    private LabelReader(string name, PerceiverProblemType problem, LabelSet labels)
    {
        _name = name;
        Problem = problem;
        Labels = labels;
    }

    internal PerceiverProblemType Problem { get; }

    internal LabelSet Labels { get; }

    /// <summary>Finds out what a label column asks for.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The column.</param>
    /// <param name="isBinary">Whether the labels are Booleans, which are the classes 0 and 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or of no type that can be learnt.</exception>
    internal static LabelReader For(DataViewSchema schema, string name, bool isBinary = false)
    {
        var column = schema.GetColumnOrNull(name) ?? throw StageErrors.Missing(name, schema.Select(c => c.Name));
        if (isBinary)
        {
            return column.Type is BooleanDataViewType
                ? new LabelReader(name, PerceiverProblemType.SingleLabel, LabelSet.Booleans)
                : throw StageErrors.Mistyped(name, BooleanDataViewType.Instance.ToString()!, column.Type.ToString()!);
        }

        return column.Type switch
        {
            KeyDataViewType => new LabelReader(name, PerceiverProblemType.SingleLabel, LabelSet.FromKeyColumn(column)),
            NumberDataViewType number when number == NumberDataViewType.Single =>
                new LabelReader(name, PerceiverProblemType.Regression, LabelSet.FromNames([name])),
            VectorDataViewType { IsKnownSize: true } vector when vector.ItemType == NumberDataViewType.Single =>
                new LabelReader(name, PerceiverProblemType.MultiLabel, LabelSet.FromNames(SlotNames(column, vector.Size))),
            _ => throw StageErrors.Mistyped(name, Expected, column.Type.ToString()!),
        };
    }

    /// <summary>Checks that a column can be a label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or of no type that can be learnt.</exception>
    internal static PerceiverProblemType CheckIn(SchemaShape shape, string name, bool isBinary = false)
    {
        if (!MlNetInternals.TryFind(shape, name, out var column))
            throw StageErrors.Missing(name, shape.Select(c => c.Name));
        if (isBinary)
        {
            return column.ItemType is BooleanDataViewType && column.Kind == SchemaShape.Column.VectorKind.Scalar
                ? PerceiverProblemType.SingleLabel
                : throw StageErrors.Mistyped(name, BooleanDataViewType.Instance.ToString()!, $"{column.Kind} of {column.ItemType}");
        }

        if (column.IsKey && column.Kind == SchemaShape.Column.VectorKind.Scalar)
            return PerceiverProblemType.SingleLabel;
        if (!column.IsKey && column.ItemType == NumberDataViewType.Single && column.Kind != SchemaShape.Column.VectorKind.VariableVector)
            return column.Kind == SchemaShape.Column.VectorKind.Scalar ? PerceiverProblemType.Regression : PerceiverProblemType.MultiLabel;
        throw StageErrors.Mistyped(name, Expected, $"{column.Kind} of {column.ItemType}");
    }

    /// <summary>A function that reads the label of the row a cursor stands on.</summary>
    /// <exception cref="RowException">The label is missing, or no number.</exception>
    internal Func<float[]> CreateReader(DataViewRow row)
    {
        var column = row.Schema[_name];
        switch (Problem)
        {
            case PerceiverProblemType.SingleLabel when column.Type is BooleanDataViewType:
                var truth = Getters.ScalarReader<bool>(row, column);
                return () => [truth() ? 1 : 0];
            case PerceiverProblemType.SingleLabel:
                return KeyReader(row, column);
            case PerceiverProblemType.Regression:
                var number = Getters.ScalarReader<float>(row, column);
                return () =>
                {
                    float value = number();
                    return float.IsFinite(value) ? [value] : throw new RowException(0, $"the label in the column '{_name}' is {value}.");
                };
            default:
                var several = Getters.VectorReader<float>(row, column);
                return () =>
                {
                    float[] dense = several();
                    int count = Labels.Names.Count;
                    return dense.Length == count && dense.All(v => v is >= 0 and <= 1)
                        ? dense
                        : throw new RowException(0, $"the labels in the column '{_name}' are not {count} numbers from 0 to 1.");
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

    private static Func<ulong> Widened<T>(DataViewRow row, DataViewSchema.Column column, Func<T, ulong> widen)
    {
        var read = Getters.ScalarReader<T>(row, column);
        return () => widen(read());
    }

    private static string[] SlotNames(DataViewSchema.Column column, int count)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        if (column.Annotations.Schema.GetColumnOrNull("SlotNames") is not null)
            column.GetSlotNames(ref names);
        return names.Length == count && names.DenseValues().Select(n => n.ToString()).Distinct(StringComparer.Ordinal).Count() == count
            ? names.DenseValues().Select(n => n.ToString()).ToArray()
            : Enumerable.Range(0, count).Select(i => $"LABEL_{i}").ToArray();
    }
}
