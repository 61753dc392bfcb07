namespace Microsoft.ML.Perceiver;

/// <summary>What is read of a row: the window that ends there as the model reads it, and what its answers are put in the unit by.</summary>
/// <param name="Inputs">The array, [instants, channels].</param>
/// <param name="Naive">The number of each instant to come that a season before had.</param>
/// <param name="Deviation">The deviation of the window's numbers.</param>
internal sealed record ForecastWindow(float[] Inputs, float[] Naive, float Deviation)
{
    private const float Past = 1, Coming = 0, Missing = -1;

    /// <summary>Reads the window that ends at an instant. What stands before the series' beginning is missing.</summary>
    /// <param name="form">The form of the array.</param>
    /// <param name="series">The numbers of each column.</param>
    /// <param name="last">The instant.</param>
    internal static ForecastWindow Read(ForecastForm form, IReadOnlyList<IReadOnlyList<float>> series, int last)
    {
        float[] inputs = new float[form.Length * form.Channels];
        int present = Math.Min(form.Window, last + 1);
        float[] naive = [];
        float deviation = 1;
        for (int column = 0; column < form.Columns; column++)
        {
            var (numbers, channel) = (series[column], column == 0 ? 0 : column + 2);
            var (mean, spread) = Scale(numbers, last, present);
            float[] coming = Repeat(form, numbers, last, present);
            for (int i = 0; i < present; i++)
                inputs[(form.Window - 1 - i) * form.Channels + channel] = (numbers[last - i] - mean) / spread;
            for (int i = 0; i < form.Horizon; i++)
                inputs[(form.Window + i) * form.Channels + channel] = (coming[i] - mean) / spread;
            if (column == 0)
                (naive, deviation) = (coming, spread);
        }

        for (int i = 0; i < form.Length; i++)
        {
            int place = i * form.Channels, instant = last - (form.Window - 1 - i);
            bool isPast = i < form.Window;
            inputs[place + 2] = !isPast ? Coming : instant >= 0 ? Past : Missing;
            if (isPast && instant >= form.Season)
                inputs[place + 1] = (series[0][instant] - series[0][instant - form.Season]) / deviation;
        }

        return new ForecastWindow(inputs, naive, deviation);
    }

    /// <summary>What the model is to answer: by how much the numbers that came differ from those of a season before.</summary>
    /// <param name="series">The first column's numbers.</param>
    /// <param name="last">The window's last instant.</param>
    internal float[] Target(IReadOnlyList<float> series, int last) =>
        [.. Naive.Select((number, i) => (series[last + 1 + i] - number) / Deviation)];

    private static (float Mean, float Deviation) Scale(IReadOnlyList<float> numbers, int last, int present)
    {
        double sum = 0, squares = 0;
        for (int i = 0; i < present; i++)
            sum += numbers[last - i];
        double mean = sum / present;
        for (int i = 0; i < present; i++)
            squares += (numbers[last - i] - mean) * (numbers[last - i] - mean);
        // Rounding alone makes deviations of a ten millionth of the numbers.
        double deviation = Math.Sqrt(squares / present), least = Math.Abs(mean) * 1e-6;
        return ((float)mean, deviation > least ? (float)deviation : 1);
    }

    // The last season again and again, or the last number where the past is shorter than a season.
    private static float[] Repeat(ForecastForm form, IReadOnlyList<float> numbers, int last, int present)
    {
        int season = present >= form.Season ? form.Season : 1;
        return [.. Enumerable.Range(0, form.Horizon).Select(i => numbers[last - season + 1 + i % season])];
    }
}
