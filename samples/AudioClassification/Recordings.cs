using Microsoft.ML;

namespace AudioClassification;

/// <summary>Recordings in memory, and how they are varied.</summary>
internal static class Recordings
{
    /// <summary>Almost all recordings are shorter.</summary>
    internal const double WholeSeconds = 10;

    /// <summary>Reads the files.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="prompts">The files.</param>
    /// <param name="seconds">How much of each.</param>
    internal static Recording[] Load(MLContext mlContext, IEnumerable<Prompt> prompts, double seconds)
    {
        var files = mlContext.Data.LoadFromEnumerable(
            prompts.Select(prompt => new MyModel.ModelInput { Path = prompt.Path, Label = prompt.Label }).ToArray());
        var loaded = MyModel.BuildLoader(mlContext, seconds).Fit(files).Transform(files);
        return [.. mlContext.Data.CreateEnumerable<Recording>(loaded, reuseRowObject: false, ignoreMissingColumns: true)];
    }

    /// <summary>
    /// The beginnings of the recordings, and copies: each another part of one, and every other of them played up to a twentieth faster
    /// or slower (and so higher or lower), with some noise. What is learnt is to depend less on the one voice and the one line that a
    /// language was recorded with.
    /// </summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="copies">Copies of each.</param>
    /// <param name="longest">The most samples of a row.</param>
    internal static Recording[] Varied(IReadOnlyList<Recording> recordings, int copies, int longest)
    {
        var random = new Random(1);
        return
        [
            .. recordings.Select(recording => new Recording
            {
                Label = recording.Label,
                Samples = recording.Samples[..Math.Min(longest, recording.Samples.Length)],
            }),
            .. Enumerable.Range(0, copies).SelectMany(_ => recordings.Select(recording => new Recording
            {
                Label = recording.Label,
                Samples = Varied(recording.Samples, longest, random),
            })),
        ];
    }

    /// <summary>The recordings with white noise.</summary>
    /// <param name="recordings">The recordings.</param>
    /// <param name="decibels">How much stronger each recording is than its noise.</param>
    internal static Recording[] Noisy(IReadOnlyList<Recording> recordings, double decibels)
    {
        var random = new Random(2);
        return
        [
            .. recordings.Select(recording => new Recording
            {
                Label = recording.Label,
                Samples = WithNoise(recording.Samples, decibels, random),
            }),
        ];
    }

    private static float[] WithNoise(float[] samples, double decibels, Random random)
    {
        double power = samples.Average(sample => (double)sample * sample);
        // A uniform number from -a to a has the power a squared by three.
        double most = Math.Sqrt(3 * power * Math.Pow(10, -decibels / 10));
        return Array.ConvertAll(samples, sample => (float)(sample + most * (2 * random.NextDouble() - 1)));
    }

    private static float[] Varied(float[] samples, int longest, Random random)
    {
        if (random.Next(2) == 0)
            return Part(samples, longest, random);
        float[] part = Part(AtSpeed(samples, 0.95 + 0.1 * random.NextDouble()), longest, random);
        return WithNoise(part, 10 + 40 * random.NextDouble(), random);
    }

    private static float[] Part(float[] samples, int longest, Random random)
    {
        if (samples.Length <= longest)
            return samples;
        int start = random.Next(samples.Length - longest + 1);
        return samples[start..(start + longest)];
    }

    private static float[] AtSpeed(float[] samples, double speed)
    {
        float[] played = new float[Math.Max(1, (int)((samples.Length - 1) / speed))];
        for (int i = 0; i < played.Length; i++)
        {
            double at = i * speed;
            int before = (int)at;
            float next = samples[Math.Min(before + 1, samples.Length - 1)];
            played[i] = (float)(samples[before] + (at - before) * (next - samples[before]));
        }

        return played;
    }
}
