using NAudio.Wave;

namespace AudioClassification;

/// <summary>Sounds of five kinds that need no download: the same melody of three notes, played with another timbre each.</summary>
internal static class GeneratedSounds
{
    private const int Rate = 8000, Names = 60;

    private static readonly Dictionary<string, Func<double, Random, double>> s_timbres = new()
    {
        ["noise"] = (phase, random) => Math.Sin(2 * Math.PI * phase) * (0.3 + 0.7 * random.NextDouble()),
        ["pulse"] = (phase, _) => phase < 0.2 ? 1 : -0.25,
        ["saw"] = (phase, _) => 2 * phase - 1,
        ["sine"] = (phase, _) => Math.Sin(2 * Math.PI * phase),
        ["square"] = (phase, _) => phase < 0.5 ? 0.8 : -0.8,
    };

    /// <summary>Writes them into a folder, as the prompts of Asterisk stand in theirs.</summary>
    /// <param name="folder">The folder.</param>
    internal static void Write(string folder)
    {
        foreach (var (index, (label, timbre)) in s_timbres.Index())
        {
            Directory.CreateDirectory(Path.Combine(folder, label));
            for (int name = 0; name < Names; name++)
            {
                var random = new Random(1000 * index + name);
                float[] samples = Melody(new Random(name), timbre, random);
                using var writer = new WaveFileWriter(Path.Combine(folder, label, $"{name:00}.wav"), new WaveFormat(Rate, 16, 1));
                writer.WriteSamples(samples, 0, samples.Length);
            }
        }
    }

    private static float[] Melody(Random notes, Func<double, Random, double> timbre, Random random)
    {
        float[] samples = new float[Rate * (4 + notes.Next(4)) / 10];
        double[] frequencies = [.. Enumerable.Range(0, 3).Select(_ => 200 * Math.Pow(2, notes.NextDouble()))];
        double loudness = 0.1 + 0.4 * random.NextDouble(), phase = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            phase = (phase + frequencies[3 * i / samples.Length] / Rate) % 1;
            samples[i] = (float)(loudness * timbre(phase, random) + 0.02 * (random.NextDouble() - 0.5));
        }

        return samples;
    }
}
