namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>Tones keep their frequency, amplitude and phase at another rate, and those that it could not hold are gone.</summary>
[TestClass]
public sealed class AudioResamplerTests
{
    // The transition of the window; beyond it a tone is 90 dB down.
    private const double Remainder = 5e-5;

    [TestMethod]
    [DataRow(8000, 16000, 3400.0)]
    [DataRow(16000, 8000, 3400.0)]
    [DataRow(44100, 16000, 7000.0)]
    [DataRow(48000, 16000, 440.0)]
    [DataRow(11127, 16000, 4900.0)]
    [DataRow(384000, 1000, 300.0)]
    [DataRow(16000, 48000, 7100.0)]
    public void A_tone_that_both_rates_hold_stays_as_it_is(int from, int to, double frequency)
    {
        float[] resampled = new AudioResampler(from, to).Resample(Tone(from, from, frequency));
        float[] expected = Tone(to, to, frequency);
        Assert.HasCount(expected.Length, resampled);
        // What is before and after the tone is silence, which reaches into it.
        for (int i = to / 5; i < to * 4 / 5; i++)
            Assert.AreEqual(expected[i], resampled[i], Remainder, $"sample {i}");
    }

    [TestMethod]
    [DataRow(16000, 8000, 4100.0)]
    [DataRow(16000, 8000, 6000.0)]
    [DataRow(44100, 16000, 8100.0)]
    [DataRow(48000, 16000, 23000.0)]
    public void A_tone_that_the_lower_rate_cannot_hold_is_gone(int from, int to, double frequency)
    {
        float[] resampled = new AudioResampler(from, to).Resample(Tone(from, from, frequency));
        for (int i = to / 5; i < to * 4 / 5; i++)
            Assert.AreEqual(0, resampled[i], Remainder, $"sample {i}");
    }

    [TestMethod]
    public void What_is_constant_and_what_has_the_rate_stay_as_they_are()
    {
        float[] ones = [.. Enumerable.Repeat(0.5f, 4000)];
        float[] resampled = new AudioResampler(44100, 48000).Resample(ones);
        foreach (float sample in resampled[1000..3000])
            Assert.AreEqual(0.5f, sample, 1e-6f);
        float[] tone = Tone(100, 16000, 440);
        CollectionAssert.AreEqual(tone, new AudioResampler(16000, 16000).Resample(tone));
    }

    [TestMethod]
    [DataRow(1, 8000, 16000, 2)]
    [DataRow(1, 48000, 16000, 1)]
    [DataRow(3, 48000, 16000, 1)]
    [DataRow(4, 48000, 16000, 2)]
    [DataRow(441, 44100, 16000, 160)]
    public void Each_moment_of_the_samples_has_one_of_the_result(int samples, int from, int to, int expected)
    {
        var resampler = new AudioResampler(from, to);
        Assert.HasCount(expected, resampler.Resample(new float[samples]));
        Assert.AreEqual(expected, resampler.LengthOf(samples));
    }

    [TestMethod]
    public void The_beginning_is_made_of_no_more_than_is_said()
    {
        var resampler = new AudioResampler(44100, 16000);
        float[] tone = Tone(44100, 44100, 1000);
        const int Wanted = 500;
        int needed = (int)resampler.NeededFor(Wanted);
        Assert.IsLessThan(tone.Length / 10, needed);
        CollectionAssert.AreEqual(resampler.Resample(tone)[..Wanted], resampler.Resample(tone.AsSpan(0, needed))[..Wanted]);
    }

    private static float[] Tone(int samples, int rate, double frequency) =>
        [.. Enumerable.Range(0, samples).Select(i => (float)(0.7 * Math.Sin(0.3 + 2 * Math.PI * frequency * i / rate)))];
}
