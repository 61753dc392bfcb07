namespace Arrays;

/// <summary>
/// Singular spectrum analysis, by which ML.NET's ForecastBySsa forecasts (its package Microsoft.ML.TimeSeries is not referenced here): the
/// strongest patterns of a series' windows give a linear recurrence that continues it (Golyandina et al. 2001).
/// </summary>
/// <param name="recurrence">The factor of each of the last numbers.</param>
internal sealed class SingularSpectrum(double[] recurrence)
{
    private const int Iterations = 300;

    /// <summary>Finds the recurrence of a series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="window">Numbers of a window.</param>
    /// <param name="patterns">How many patterns are kept.</param>
    internal static SingularSpectrum Fit(ReadOnlySpan<float> series, int window, int patterns)
    {
        double[][] found = Patterns(Products(series, window), patterns);
        double last = found.Sum(pattern => pattern[^1] * pattern[^1]);
        return new SingularSpectrum(
            [.. Enumerable.Range(0, window - 1).Select(i => found.Sum(pattern => pattern[^1] * pattern[i]) / (1 - last))]);
    }

    /// <summary>Continues a series.</summary>
    /// <param name="past">The series so far.</param>
    /// <param name="horizon">How many numbers are wanted.</param>
    internal float[] Forecast(ReadOnlySpan<float> past, int horizon)
    {
        var numbers = new List<double>();
        foreach (float number in past[^recurrence.Length..])
            numbers.Add(number);
        for (int i = 0; i < horizon; i++)
            numbers.Add(recurrence.Select((factor, j) => factor * numbers[i + j]).Sum());
        return [.. numbers.Skip(recurrence.Length).Select(number => (float)number)];
    }

    // Of each two places of a window, the sum over all windows of the product of their numbers; each from the one before it.
    private static double[][] Products(ReadOnlySpan<float> series, int window)
    {
        int windows = series.Length - window + 1;
        double[][] products = [.. Enumerable.Range(0, window).Select(_ => new double[window])];
        for (int i = 0; i < window; i++)
        {
            for (int j = i; j < window; j++)
            {
                double sum = 0;
                if (i == 0)
                {
                    for (int start = 0; start < windows; start++)
                        sum += (double)series[start] * series[start + j];
                }
                else
                {
                    sum = products[i - 1][j - 1] - (double)series[i - 1] * series[j - 1]
                        + (double)series[i - 1 + windows] * series[j - 1 + windows];
                }

                products[i][j] = products[j][i] = sum;
            }
        }

        return products;
    }

    // The strongest eigenvectors, by orthogonal iteration.
    private static double[][] Patterns(double[][] matrix, int count)
    {
        var random = new Random(1);
        double[][] vectors = [.. Enumerable.Range(0, count).Select(_ => matrix.Select(_ => random.NextDouble() - 0.5).ToArray())];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double[][] before = vectors;
            vectors = [.. before.AsParallel().AsOrdered().Select(vector => matrix.Select(row => Dot(row, vector)).ToArray())];
            for (int i = 0; i < count; i++)
            {
                for (int other = 0; other < i; other++)
                    Add(vectors[i], vectors[other], -Dot(vectors[i], vectors[other]));
                double length = Math.Sqrt(Dot(vectors[i], vectors[i]));
                Add(vectors[i], vectors[i], 1 / length - 1);
            }
        }

        return vectors;
    }

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static void Add(double[] to, double[] vector, double factor)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += factor * vector[i];
    }
}
