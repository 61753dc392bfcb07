namespace Microsoft.ML.Perceiver;

/// <summary>Reads the instants of a series.</summary>
internal static class ForecastReader
{
    /// <summary>Makes the function that reads the numbers of the row a cursor stands on.</summary>
    /// <exception cref="RowException">A number is not finite.</exception>
    internal static Func<float[]> Create(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var readers = Array.ConvertAll(columns, column => Getters.VectorReader<float>(row, column));
        return () =>
        {
            float[] numbers = Array.ConvertAll(readers, read => read()[0]);
            int wrong = Array.FindIndex(numbers, number => !float.IsFinite(number));
            return wrong < 0 ? numbers : throw new RowException(
                0,
                $"the column '{columns[wrong].Name}' has {numbers[wrong]}, which is no finite number; replace missing values first "
                + "(ReplaceMissingValues).");
        };
    }

    /// <summary>Makes the function that reads the window that ends at a cursor's row; it keeps the rows before it.</summary>
    internal static Func<ForecastWindow> CreateWindows(ForecastForm form, DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = Create(row, columns);
        // The difference from a season before reaches beyond the window.
        int kept = form.Window + form.Season;
        var past = Array.ConvertAll(columns, _ => new List<float>(2 * kept));
        return () =>
        {
            float[] numbers = read();
            for (int i = 0; i < numbers.Length; i++)
            {
                if (past[i].Count == 2 * kept)
                    past[i].RemoveRange(0, kept);
                past[i].Add(numbers[i]);
            }

            return ForecastWindow.Read(form, past, past[0].Count - 1);
        };
    }
}
