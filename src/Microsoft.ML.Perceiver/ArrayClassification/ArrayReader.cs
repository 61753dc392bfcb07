using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Reads the arrays of rows.</summary>
/// <param name="width">Numbers of an element of the first axis.</param>
/// <param name="most">Elements of the first axis at most; null for any.</param>
/// <param name="isExact">Whether each row has as many.</param>
internal sealed class ArrayReader(int width, int? most, bool isExact)
{
    /// <summary>The reader of a model's arrays.</summary>
    internal static ArrayReader Of(PerceiverArraySettings settings, bool isExact) =>
        new(ArrayBatch.WidthOf(settings), settings.InputShape[0], isExact);

    /// <summary>What is wrong with the type of the one column of arrays; null for nothing.</summary>
    internal string? Fault(DataViewType type)
    {
        bool isOther = isExact && type is VectorDataViewType { IsKnownSize: true } vector && vector.Size != most * width;
        return isOther ? $"has vectors of {((VectorDataViewType)type).Size} numbers; the model reads {most * width}." : null;
    }

    /// <summary>Makes the function that reads the row a cursor stands on.</summary>
    /// <exception cref="RowException">A number is not finite, or there are too few or too many.</exception>
    internal Func<ArrayRow> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var readers = Array.ConvertAll(columns, column => Getters.VectorReader<float>(row, column));
        string names = string.Join("', '", columns.Select(column => column.Name));
        string subject = columns.Length == 1 ? $"the column '{names}' has" : $"the columns '{names}' have";
        return () =>
        {
            float[][] parts = Array.ConvertAll(readers, read => read());
            for (int i = 0; i < parts.Length; i++)
                RequireFinite(parts[i], columns[i].Name);
            float[] values = parts.Length == 1 ? parts[0] : [.. parts.SelectMany(part => part)];
            RequireLength(values.Length, subject);
            return new ArrayRow(values);
        };
    }

    private static void RequireFinite(float[] values, string column)
    {
        int wrong = Array.FindIndex(values, value => !float.IsFinite(value));
        if (wrong < 0)
            return;
        string place = values.Length == 1 ? "" : $" at {wrong}";
        throw new RowException(
            0,
            $"the column '{column}' has {values[wrong]}{place}, which is no finite number; replace missing values first "
            + "(ReplaceMissingValues).");
    }

    private void RequireLength(int numbers, string subject)
    {
        if (numbers == 0)
            throw new RowException(0, $"{subject} no numbers.");
        if (isExact && numbers != most * width)
            throw new RowException(0, $"{subject} {numbers} numbers; the model reads {most * width}.");
        if (numbers % width != 0)
            throw new RowException(0, $"{subject} {numbers} numbers, which are no whole elements of {width}.");
        if (numbers / width > most)
        {
            throw new RowException(
                0, $"{subject} {numbers / width} elements; the longest series that the model reads has {most} (MaxLength in training).");
        }
    }
}
