namespace Microsoft.ML.Perceiver;

/// <summary>The windows of a series with what came after them, each made when it is needed.</summary>
/// <param name="form">The form of the arrays.</param>
/// <param name="series">The numbers of each column.</param>
/// <param name="first">The last instant of the first window.</param>
/// <param name="count">How many windows there are, each ending an instant later.</param>
/// <param name="scale">What the targets are divided by.</param>
internal sealed class ForecastRows(ForecastForm form, float[][] series, int first, int count, double scale)
    : PerceiverRows<PerceiverArrayExample>
{
    public override int Count => count;

    /// <summary>The same rows with other targets.</summary>
    internal ForecastRows DividedBy(double deviation) => new(form, series, first, count, scale * deviation);

    public override PerceiverArrayExample Read(int row, PerceiverRandom? random = null)
    {
        var window = ForecastWindow.Read(form, series, first + row);
        float[] target = window.Target(series[0], first + row);
        return new PerceiverArrayExample(window.Inputs, Array.ConvertAll(target, number => (float)(number / scale)));
    }

    public override void AddTo(PerceiverFingerprint fingerprint)
    {
        foreach (int number in (int[])[form.Window, form.Horizon, form.Season, first, count])
            fingerprint.Add(number);
        foreach (float[] column in series)
            fingerprint.Add<float>(column);
    }

    /// <summary>The root of the mean square of all targets; 1 where all are zero.</summary>
    internal double Deviation()
    {
        double sum = 0;
        for (int row = 0; row < count; row++)
            sum += Read(row).Target.Average(number => (double)number * number);
        return sum > 0 ? Math.Sqrt(sum / count) : 1;
    }
}
