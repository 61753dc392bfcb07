namespace Microsoft.ML.Perceiver;

/// <summary>How log-mel frames are made.</summary>
/// <param name="SampleRate">Samples a second.</param>
/// <param name="WindowLength">Samples of a frame.</param>
/// <param name="HopLength">Samples from the beginning of a frame to that of the next.</param>
/// <param name="Bands">Numbers of a frame.</param>
/// <param name="LowestFrequency">Where the first band begins, in Hz.</param>
/// <param name="HighestFrequency">Where the last band ends, in Hz.</param>
/// <param name="Floor">What is added to the power before the logarithm.</param>
/// <param name="SubtractMean">Whether the mean of each band over the recording is taken away.</param>
internal sealed record LogMelForm(
    int SampleRate,
    int WindowLength,
    int HopLength,
    int Bands,
    double LowestFrequency,
    double HighestFrequency,
    double Floor,
    bool SubtractMean)
{
    /// <summary>
    /// The length of the Fourier transform: a power of two, twice the window at least, as bands lie close at low frequencies.
    /// </summary>
    internal int FftLength => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(2 * WindowLength));

    /// <summary>The frames of so many samples: until one reaches the end, or the next one would begin there.</summary>
    internal int FramesOf(int samples)
    {
        long toReachTheEnd = ((long)Math.Max(0, samples - WindowLength) + HopLength - 1) / HopLength;
        return 1 + (int)Math.Min(toReachTheEnd, (samples - 1) / HopLength);
    }

    /// <summary>The weights of <see cref="MelFilters"/>.</summary>
    internal float[] CreateFilters() => MelFilters.Create(SampleRate, FftLength, Bands, LowestFrequency, HighestFrequency);
}
