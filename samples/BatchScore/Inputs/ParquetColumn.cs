using Parquet.Data;
using Parquet.Schema;

namespace BatchScore.Inputs;

/// <summary>A field's values of a row group.</summary>
internal abstract class ParquetColumn
{
    /// <summary>The value of a row: null, a text, number, boolean, bytes, or an array of numbers or texts.</summary>
    /// <param name="row">The row's place in the group.</param>
    /// <exception cref="BadRowException">The row's list has a null in it.</exception>
    public abstract object? At(int row);

    /// <summary>Takes the values of what was read.</summary>
    /// <param name="field">The field.</param>
    /// <param name="raw">What was read of it.</param>
    /// <param name="rows">The group's rows.</param>
    public static ParquetColumn Of(DataField field, RawColumnData raw, int rows) => raw switch
    {
        RawColumnData<ReadOnlyMemory<char>> texts => Of(field, texts, rows, text => text.ToString()),
        RawColumnData<ReadOnlyMemory<byte>> bytes => Of(field, bytes, rows, value => value.ToArray()),
        RawColumnData<float> values => Of(field, values, rows, value => value),
        RawColumnData<double> values => Of(field, values, rows, value => value),
        RawColumnData<bool> values => Of(field, values, rows, value => value),
        RawColumnData<sbyte> values => Of(field, values, rows, value => value),
        RawColumnData<byte> values => Of(field, values, rows, value => value),
        RawColumnData<short> values => Of(field, values, rows, value => value),
        RawColumnData<ushort> values => Of(field, values, rows, value => value),
        RawColumnData<int> values => Of(field, values, rows, value => value),
        RawColumnData<uint> values => Of(field, values, rows, value => value),
        RawColumnData<long> values => Of(field, values, rows, value => value),
        RawColumnData<ulong> values => Of(field, values, rows, value => value),
        _ => throw new NotSupportedException($"The column '{field.Path}' is of {field.ClrType.Name}."),
    };

    private static ParquetColumn Of<TRaw, T>(DataField field, RawColumnData<TRaw> raw, int rows, Func<TRaw, T> value)
        where TRaw : struct
    {
        // The memory of what was read is given back.
        var values = new T[raw.Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = value(raw.Values[i]);
        int[]? levels = field.MaxDefinitionLevel > 0 ? raw.DefinitionLevels.ToArray() : null;
        return field.MaxRepetitionLevel == 0
            ? new Scalars<T>(values, levels)
            : new Lists<T>(values, levels!, raw.RepetitionLevels, field.MaxDefinitionLevel, rows);
    }

    private sealed class Scalars<T> : ParquetColumn
    {
        private readonly T[] _values;
        private readonly int[]? _places;

        internal Scalars(T[] values, int[]? levels)
        {
            _values = values;
            if (levels is null)
                return;
            int next = 0;
            _places = Array.ConvertAll(levels, level => level > 0 ? next++ : -1);
        }

        public override object? At(int row)
        {
            int place = _places?[row] ?? row;
            return place < 0 ? null : _values[place];
        }
    }

    private sealed class Lists<T> : ParquetColumn
    {
        private readonly T[] _values;
        private readonly int[] _starts;
        private readonly HashSet<int> _withNulls = [];

        internal Lists(T[] values, int[] levels, ReadOnlySpan<int> repetitions, int most, int rows)
        {
            _values = values;
            _starts = new int[rows + 1];
            int row = -1, next = 0;
            for (int i = 0; i < levels.Length; i++)
            {
                if (repetitions[i] == 0)
                    _starts[++row] = next;
                if (levels[i] == most)
                    next++;
                else if (most == 3 && levels[i] == 2)
                    _withNulls.Add(row);
            }

            _starts[rows] = next;
        }

        public override object? At(int row) => _withNulls.Contains(row)
            ? throw new BadRowException("its list has a null in it.")
            : _values[_starts[row].._starts[row + 1]];
    }
}
