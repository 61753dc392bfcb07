using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Samples to log-mel frames, computed by libtorch on the CPU: windows (Hann, periodic), the power of their Fourier transform, filters of
/// equal width in mel, and the natural logarithm.
/// </summary>
/// <param name="settings">How.</param>
internal sealed class LogMelFrames(LogMelForm settings)
{
    // Few enough that long recordings need little memory, and that libtorch does not wait for its other threads at each operation.
    private const int PartFrames = 32;

    private readonly float[] _filters = settings.CreateFilters();

    /// <summary>The frames of one recording, [frames, bands] row by row.</summary>
    /// <param name="samples">The samples, one at least.</param>
    internal float[] Compute(float[] samples)
    {
        int count = settings.FramesOf(samples.Length);
        float[] frames = new float[count * settings.Bands];
        InferenceScope.Run(() =>
        {
            var window = hann_window(settings.WindowLength, periodic: true);
            var filters = tensor(_filters, [settings.FftLength / 2 + 1, settings.Bands]);
            for (int first = 0; first < count; first += PartFrames)
            {
                float[] part = PartOf(samples, first, Math.Min(PartFrames, count - first), window, filters);
                part.CopyTo(frames, first * settings.Bands);
            }

            return frames;
        });
        if (settings.SubtractMean)
            SubtractMeans(frames);
        return frames;
    }

    private float[] PartOf(float[] samples, int first, int count, Tensor window, Tensor filters)
    {
        using var scope = NewDisposeScope();
        // The last window is filled up with silence.
        float[] part = new float[(count - 1) * settings.HopLength + settings.WindowLength];
        int start = first * settings.HopLength;
        samples.AsSpan(start, Math.Min(part.Length, samples.Length - start)).CopyTo(part);
        var windows = tensor(part).unfold(0, settings.WindowLength, settings.HopLength).mul(window);
        var spectrum = fft.rfft(windows, settings.FftLength);
        var power = spectrum.real.Squared().add_(spectrum.imag.Squared(), Scalars.One);
        return power.matmul(filters).add_(Scalars.Kept(settings.Floor), Scalars.One).log_().data<float>().ToArray();
    }

    private void SubtractMeans(float[] frames)
    {
        int count = frames.Length / settings.Bands;
        for (int band = 0; band < settings.Bands; band++)
        {
            double sum = 0;
            for (int i = band; i < frames.Length; i += settings.Bands)
                sum += frames[i];
            for (int i = band; i < frames.Length; i += settings.Bands)
                frames[i] -= (float)(sum / count);
        }
    }
}
