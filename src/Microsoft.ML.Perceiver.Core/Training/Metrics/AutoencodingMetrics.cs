namespace Microsoft.ML.Perceiver;

/// <summary>How near videos, their sound and their labels come out, over a data set.</summary>
internal sealed class AutoencodingMetrics
{
    /// <summary>Peak signal-to-noise ratio of the pixels in decibels, over all of them together, for a peak of 1 (white).</summary>
    internal static readonly PerceiverMetric VideoPsnr = new("VideoPsnr", HigherIsBetter: true);

    /// <summary>That of the samples, for a peak of 1 (full scale).</summary>
    internal static readonly PerceiverMetric AudioPsnr = new("AudioPsnr", HigherIsBetter: true);

    /// <summary>The share of labelled rows whose label is the most probable.</summary>
    internal static readonly PerceiverMetric Accuracy = ClassificationMetrics.Accuracy;

    // What is equal to the last bit has no finite ratio, and a log of the training could not hold it.
    private const double LeastError = 1e-12;
    private double _pixelError, _sampleError;
    private long _pixels, _samples, _labels, _right;

    internal void AddPixels(double squaredErrors, long count) => (_pixelError, _pixels) = (_pixelError + squaredErrors, _pixels + count);

    internal void AddSamples(double squaredErrors, long count) => (_sampleError, _samples) = (_sampleError + squaredErrors, _samples + count);

    internal void AddLabel(bool right) => (_labels, _right) = (_labels + 1, _right + (right ? 1 : 0));

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
