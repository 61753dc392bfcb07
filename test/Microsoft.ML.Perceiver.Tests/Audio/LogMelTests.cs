using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>Samples to log-mel frames.</summary>
[TestClass]
public sealed class LogMelTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(1, 80, false)]
    [DataRow(99, 80, false)]
    [DataRow(200, 80, false)]
    [DataRow(201, 80, false)]
    [DataRow(3000, 80, true)]
    [DataRow(777, 77, false)]
    [DataRow(777, 250, true)]
    [DataRow(751, 250, false)]
    [DataRow(750, 250, false)]
    public void Frames_are_those_of_a_Fourier_sum(int count, int hop, bool subtractMean)
    {
        var options = new PerceiverLogMelOptions
        {
            SampleRate = 8000,
            HopLength = hop,
            Bands = 12,
            LowestFrequency = 100,
            HighestFrequency = 3800,
            Floor = 1e-5,
            SubtractMean = subtractMean,
        };
        float[] samples = Noise(count);
        double[][] expected = NaiveLogMel.Frames(samples, rate: 8000, window: 200, hop, fft: 512, 12, 100, 3800, 1e-5);
        if (subtractMean)
        {
            double[] means = [.. Enumerable.Range(0, 12).Select(band => expected.Average(frame => frame[band]))];
            expected = [.. expected.Select(frame => frame.Zip(means, (a, b) => a - b).ToArray())];
        }

        float[] actual = FramesOf(options, samples).Single();
        // Powers are sums of some hundred products, each of them to 24 bits; the logarithm makes of that an absolute error.
        FloatAssert.AreClose([.. expected.SelectMany(frame => frame).Select(value => (float)value)], actual, 2e-4f);
    }

    [TestMethod]
    public void A_tone_is_loudest_in_the_band_of_its_frequency_and_has_the_power_that_is_said()
    {
        // The middle of band 9 of 20 from 0 to 4000 Hz.
        double mel = 2595 * Math.Log10(1 + 4000 / 700.0) * 10 / 21, frequency = 700 * (Math.Pow(10, mel / 2595) - 1);
        var options = new PerceiverLogMelOptions { SampleRate = 8000, Bands = 20, LowestFrequency = 0, WindowLength = 400 };
        float[] frames = FramesOf(options, WavData.Tone(4000, frequency, rate: 8000, amplitude: 1)).Single();
        foreach (float[] frame in frames.Chunk(20).Take(40))
        {
            Assert.AreEqual(9, frame.IndexOf(frame.Max()));
            // By Parseval the power of all frequencies; those beside the band's middle weigh up to a quarter less.
            double whole = Math.Log(3 / 32.0 * 400 * 1024);
            Assert.IsTrue(frame.Max() <= whole && frame.Max() > whole + Math.Log(0.75), $"{frame.Max()}, {whole}");
        }
    }

    [TestMethod]
    public void Silence_is_the_floor_and_loudness_goes_with_the_mean()
    {
        var options = new PerceiverLogMelOptions { Floor = 0.01 };
        foreach (float value in FramesOf(options, new float[1000]).Single())
            Assert.AreEqual(Math.Log(0.01), value, 1e-5);
        options = new PerceiverLogMelOptions { SubtractMean = true, Floor = 1e-9 };
        float[] loud = Noise(8000), quiet = [.. loud.Select(sample => sample / 4)];
        float[][] frames = FramesOf(options, loud, quiet);
        FloatAssert.AreClose(frames[0], frames[1], 1e-3f);
        Assert.IsGreaterThan(1, frames[0].Max());
    }

    [TestMethod]
    public void The_stage_is_as_every_stage()
    {
        EstimatorCheck.RunWithoutModel(
            _context,
            _context.Transforms.PerceiverLogMel("Frames", "Samples", sampleRate: 8000, bands: 7),
            _context.Data.LoadFromEnumerable(Enumerable.Range(1, 9).Select(i => new AudioRow { Samples = Noise(150 * i) })),
            [_context.Data.LoadFromEnumerable([new { Id = 1 }]), _context.Data.LoadFromEnumerable([new { Samples = "a" }])],
            "Frames");
        // Vectors of one size give matrices of one size.
        var known = Known(300, 400);
        EstimatorCheck.RunWithoutModel(
            _context,
            _context.Transforms.PerceiverLogMel(new PerceiverLogMelOptions { SampleRate = 8000, HopLength = 50, Bands = 7 }),
            known,
            [_context.Data.LoadFromEnumerable([new { Samples = 1f }])],
            "Features");
        var type = (VectorDataViewType)_context.Transforms.PerceiverLogMel("Features", "Samples").Fit(known)
            .GetOutputSchema(known.Schema)["Features"].Type;
        CollectionAssert.AreEqual(new[] { 1, 40 }, type.Dimensions.ToArray());
    }

    [TestMethod]
    public void A_row_is_the_same_beside_others_to_the_last_bit()
    {
        float[][] rows = [Noise(4000), Noise(100), Noise(2500)];
        float[][] together = FramesOf(new PerceiverLogMelOptions(), rows);
        for (int i = 0; i < rows.Length; i++)
            CollectionAssert.AreEqual(FramesOf(new PerceiverLogMelOptions(), rows[i]).Single(), together[i]);
    }

    [TestMethod]
    public void Rows_at_fault_are_named()
    {
        Assert.AreEqual("Row 1: the column 'Samples' has no samples.", ErrorOf([0.5f], []));
        Assert.AreEqual(
            "Row 1: the column 'Samples' has NaN at 2, which is no finite number.", ErrorOf([0.5f], [0, 0, float.NaN]));
        var fitted = _context.Transforms.PerceiverLogMel("Features", "Samples").Fit(Known(300, 1));
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => fitted.Transform(Known(301, 1)));
        StringAssert.StartsWith(error.Message, "The column 'Samples' has vectors of 301 samples; 300 are read.");
        var any = _context.Data.LoadFromEnumerable([new AudioRow { Samples = new float[7] }]);
        var row = Assert.ThrowsExactly<InvalidOperationException>(
            () => fitted.Transform(any).GetColumn<float[]>("Features").ToArray());
        Assert.AreEqual("Row 0: the column 'Samples' has 7 samples; 300 are read.", row.Message);
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        Refused(new() { Bands = 0 }, "Bands must be from 1 to 512.");
        Refused(new() { WindowLength = 3 }, "WindowLength must be from 16 to 65536, or null.");
        Refused(new() { SampleRate = 8000, HighestFrequency = 4001 }, "8000 samples a second hold 4000 Hz at most.");
        Refused(new() { LowestFrequency = 8000 }, "LowestFrequency must be below 8000 Hz.");
        Refused(new() { Bands = 512 }, "Band 0 of 512 is narrower than the frequencies of a window are apart");
        Assert.Throws<ArgumentException>(() => _context.Transforms.PerceiverLogMel(""));

        void Refused(PerceiverLogMelOptions options, string message)
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.PerceiverLogMel(options));
            StringAssert.StartsWith(error.Message, message);
        }
    }

    private static float[] Noise(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => 0.6f * random.NextSingle() - 0.3f)];
    }

    private IDataView Known(int samples, int rows)
    {
        var definition = SchemaDefinition.Create(typeof(AudioRow));
        definition["Samples"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, samples);
        return _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, Math.Min(rows, 9)).Select(i => new AudioRow { Samples = [.. Noise(samples).Skip(i), .. new float[i]] }),
            definition);
    }

    private float[][] FramesOf(PerceiverLogMelOptions options, params float[][] samples)
    {
        var rows = _context.Data.LoadFromEnumerable(samples.Select(row => new AudioRow { Samples = row }));
        return [.. _context.Transforms.PerceiverLogMel(options).Fit(rows).Transform(rows).GetColumn<float[]>("Features")];
    }

    private string ErrorOf(params float[][] samples) =>
        Assert.ThrowsExactly<InvalidOperationException>(() => FramesOf(new PerceiverLogMelOptions(), samples)).Message;
}
