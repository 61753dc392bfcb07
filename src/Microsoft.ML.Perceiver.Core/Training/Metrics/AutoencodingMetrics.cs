namespace Microsoft.ML.Perceiver;

/// <summary>How close reconstructed videos, their audio and their labels are to the originals, over a data set.</summary>
internal sealed class AutoencodingMetrics
{
    /// <summary>Peak signal-to-noise ratio of the pixels in decibels, over all of them together, for a peak of 1 (white).</summary>
    internal static readonly PerceiverMetric VideoPsnr = new("VideoPsnr", HigherIsBetter: true);

    /// <summary>That of the samples, for a peak of 1 (full scale).</summary>
    internal static readonly PerceiverMetric AudioPsnr = new("AudioPsnr", HigherIsBetter: true);

    /// <summary>The share of labelled rows whose label is the most probable.</summary>
    internal static readonly PerceiverMetric Accuracy = ClassificationMetrics.Accuracy;

    // Equal videos have no finite ratio, which the run's log could not hold.
    private const double LeastError = 1e-12;
    private double _pixelError;
    private double _sampleError;
    private long _pixels;
    private long _samples;
    private long _labels;
    private long _right;

    internal void AddPixels(double squaredErrors, long count)
    {
        _pixelError += squaredErrors;
        _pixels += count;
    }

    internal void AddSamples(double squaredErrors, long count)
    {
        _sampleError += squaredErrors;
        _samples += count;
    }

    internal void AddLabel(bool right)
    {
        _labels++;
        _right += right ? 1 : 0;
    }

    internal IReadOnlyDictionary<string, double> Result()
    {
        var result = new Dictionary<string, double>
        {
            [VideoPsnr.Name] = Decibels(_pixelError / _pixels),
            [AudioPsnr.Name] = Decibels(_sampleError / _samples),
        };
        if (_labels > 0)
            result[Accuracy.Name] = _right / (double)_labels;
        return result;
    }

    private static double Decibels(double meanSquaredError) => -10 * Math.Log10(Math.Max(meanSquaredError, LeastError));
}
