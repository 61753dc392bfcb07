namespace Microsoft.ML.Perceiver;

/// <summary>The errors of flow, over the pixels whose true motion is known.</summary>
public sealed class PerceiverOpticalFlowMetrics
{
    /// <summary>
    /// An outlier is farther than this number of pixels from the true motion, and farther than <see cref="OutlierShare"/> of it.
    /// </summary>
    public const double OutlierPixels = 3;

    /// <summary>The share of the true motion's length that an outlier exceeds; see <see cref="OutlierPixels"/>.</summary>
    public const double OutlierShare = 0.05;

    private PerceiverOpticalFlowMetrics(long pixels, double distances, long outliers)
    {
        Pixels = pixels;
        Distances = distances;
        Outliers = outliers;
    }

    /// <summary>The number of compared pixels.</summary>
    public long Pixels { get; }

    /// <summary>EPE: the mean distance between both motions in pixels; not a number where no pixel is known.</summary>
    public double EndPointError => Distances / Pixels;

    /// <summary>Fl-all of the KITTI benchmark: the percentage of outliers; not a number where no pixel is known.</summary>
    public double FlAll => 100.0 * Outliers / Pixels;

    private double Distances { get; }

    private long Outliers { get; }

    /// <summary>Compares flow with the true one.</summary>
    /// <param name="flow">The flow; it must be known where the true one is.</param>
    /// <param name="truth">The true flow.</param>
    /// <returns>The metrics over the pixels whose true motion is known.</returns>
    /// <exception cref="ArgumentException">They differ in size, or the flow is not known where the true one is.</exception>
    public static PerceiverOpticalFlowMetrics Compare(PerceiverFlowField flow, PerceiverFlowField truth)
    {
        ArgumentNullException.ThrowIfNull(flow);
        ArgumentNullException.ThrowIfNull(truth);
        if ((flow.Height, flow.Width) != (truth.Height, truth.Width))
        {
            throw new ArgumentException(
                $"The flow has {flow.Height} x {flow.Width} pixels, the true one {truth.Height} x {truth.Width}.", nameof(flow));
        }

        long pixels = 0, outliers = 0;
        double distances = 0;
        for (int at = 0; at < truth.Values.Length; at += PerceiverFlowField.Components)
        {
            if (!truth.IsKnownAt(at))
                continue;
            if (!flow.IsKnownAt(at))
            {
                throw new ArgumentException(
                    $"The flow is not known in row {at / 2 / flow.Width}, column {at / 2 % flow.Width}, where the true one is.",
                    nameof(flow));
            }

            double u = truth.Values[at], v = truth.Values[at + 1], du = flow.Values[at] - u, dv = flow.Values[at + 1] - v;
            double distance = Math.Sqrt(du * du + dv * dv);
            pixels++;
            distances += distance;
            if (distance > OutlierPixels && distance > OutlierShare * Math.Sqrt(u * u + v * v))
                outliers++;
        }

        return new PerceiverOpticalFlowMetrics(pixels, distances, outliers);
    }

    /// <summary>The metrics over all pixels of several comparisons.</summary>
    /// <param name="parts">The comparisons.</param>
    /// <returns>The metrics as if all pixels were of one comparison.</returns>
    public static PerceiverOpticalFlowMetrics Sum(IEnumerable<PerceiverOpticalFlowMetrics> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        long pixels = 0, outliers = 0;
        double distances = 0;
        foreach (var part in parts)
        {
            pixels += part.Pixels;
            outliers += part.Outliers;
            distances += part.Distances;
        }

        return new PerceiverOpticalFlowMetrics(pixels, distances, outliers);
    }
}
