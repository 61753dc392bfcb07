using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Samples to log-mel frames, computed by libtorch on the CPU: windows (Hann, periodic), the power of their Fourier transform, filters of
/// equal width in mel, and the natural logarithm.
/// </summary>
/// <param name="settings">How.</param>
internal sealed class LogMelFrames(LogMelForm settings)
{
    private readonly float[] _filters = settings.CreateFilters();

    /// <summary>The frames of one recording, [frames, bands] row by row.</summary>
    /// <param name="samples">The samples, one at least.</param>
    internal float[] Compute(float[] samples) => InferenceScope.Run(() =>
    {
        int frames = settings.FramesOf(samples.Length);
        int length = (frames - 1) * settings.HopLength + settings.WindowLength;
        // The last window is filled up with silence.
        float[] padded = samples;
        Array.Resize(ref padded, length);
        var windows = tensor(padded).unfold(0, settings.WindowLength, settings.HopLength)
            .mul(hann_window(settings.WindowLength, periodic: true));
        var spectrum = fft.rfft(windows, settings.FftLength);
        var power = spectrum.real.square().add_(spectrum.imag.square(), Scalars.One);
        var filters = tensor(_filters, [settings.FftLength / 2 + 1, settings.Bands]);
        var bands = power.matmul(filters).add_(Scalars.Kept(settings.Floor), Scalars.One).log_();
        if (settings.SubtractMean)
            bands.add_(bands.mean([0], keepdim: true).neg_(), Scalars.One);
        return bands.contiguous().data<float>().ToArray();
    });
}
