using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>WAV files to samples.</summary>
[TestClass]
public sealed class AudioLoadingTests
{
    private static readonly float[] s_samples = [0, 0.25f, -0.5f, 0.75f, -1, 0.125f, 0.5f, -0.25f];
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(WavData.Pcm, 8, 1, false, false)]
    [DataRow(WavData.Pcm, 16, 1, false, true)]
    [DataRow(WavData.Pcm, 24, 1, false, false)]
    [DataRow(WavData.Pcm, 32, 1, true, false)]
    [DataRow(WavData.Float, 32, 1, false, false)]
    [DataRow(WavData.Float, 64, 1, false, true)]
    [DataRow(WavData.Pcm, 8, 2, false, false)]
    [DataRow(WavData.Pcm, 16, 2, true, true)]
    [DataRow(WavData.Pcm, 24, 4, true, false)]
    [DataRow(WavData.Float, 32, 2, true, true)]
    public void Every_coding_gives_the_samples_and_channels_are_averaged(int coding, int bits, int channels, bool isExtensible, bool before)
    {
        byte[] file = WavData.File(coding, 16000, channels, bits, WavData.Bytes(s_samples, coding, bits), isExtensible, before);
        float[] expected = [.. s_samples.Chunk(channels).Select(moment => moment.Average())];
        CollectionAssert.AreEqual(expected, Load(file).Single());
    }

    [TestMethod]
    public void Mu_law_and_A_law_are_read()
    {
        // ITU-T G.711: 0xFF is 0 and 0x80 the largest number of mu-law, 0x00 its negative; 0xD5 is the smallest of A-law, 0x2A the lowest.
        float[] mu = Load(WavData.File(WavData.MuLaw, 16000, 1, 8, [0xFF, 0x80, 0x00])).Single();
        CollectionAssert.AreEqual(new[] { 0, 32124 / 32768f, -32124 / 32768f }, mu);
        float[] a = Load(WavData.File(WavData.ALaw, 16000, 1, 8, [0xD5, 0xAA, 0x2A])).Single();
        CollectionAssert.AreEqual(new[] { 8 / 32768f, 32256 / 32768f, -32256 / 32768f }, a);
    }

    [TestMethod]
    public void Another_rate_is_resampled()
    {
        float[] tone = WavData.Tone(8000, 1000, rate: 8000);
        float[] samples = Load(WavData.File(8000, tone)).Single();
        float[] expected = WavData.Tone(16000, 1000);
        Assert.HasCount(16000, samples);
        // A 16-bit number is half a step from the tone.
        for (int i = 2000; i < 14000; i++)
            Assert.AreEqual(expected[i], samples[i], 5e-5, $"sample {i}");
    }

    [TestMethod]
    [DataRow(0.5, false, 8000)]
    [DataRow(0.5, true, 8000)]
    [DataRow(2.0, false, 16000)]
    [DataRow(2.0, true, 32000)]
    public void No_more_than_the_first_seconds_are_read_and_silence_fills_them(double seconds, bool pad, int expected)
    {
        float[] tone = WavData.Tone(8000, 500, rate: 8000);
        var whole = Load(WavData.File(8000, tone)).Single();
        var options = new PerceiverAudioLoadingOptions { InputColumnName = "Content", MaxSeconds = seconds, PadToMaxSeconds = pad };
        var rows = Rows(WavData.File(8000, tone));
        var view = _context.Transforms.LoadPerceiverAudio(options).Fit(rows).Transform(rows);
        float[] samples = view.GetColumn<float[]>("Samples").Single();
        Assert.HasCount(expected, samples);
        CollectionAssert.AreEqual(whole[..Math.Min(expected, 16000)], samples[..Math.Min(expected, 16000)]);
        Assert.IsTrue(samples.Skip(16000).All(sample => sample == 0));
        Assert.AreEqual(pad ? expected : 0, ((VectorDataViewType)view.Schema["Samples"].Type).Size);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_stage_is_as_every_stage(bool isBytes)
    {
        using var folder = new TemporaryFolder();
        AudioRow[] rows = [.. Enumerable.Range(1, 5).Select(i =>
        {
            byte[] file = WavData.File(8000, WavData.Tone(100 * i, 440, rate: 8000));
            File.WriteAllBytes(folder[$"{i}.wav"], file);
            return new AudioRow { Id = i, Path = folder[$"{i}.wav"], Content = file };
        })];
        EstimatorCheck.RunWithoutModel(
            _context,
            _context.Transforms.LoadPerceiverAudio("Samples", inputColumnName: isBytes ? "Content" : "Path"),
            _context.Data.LoadFromEnumerable(rows),
            [
                _context.Data.LoadFromEnumerable([new { Id = 1 }]),
                _context.Data.LoadFromEnumerable([new { Path = 1f, Content = "a.wav".Length }]),
            ],
            "Samples");
    }

    [TestMethod]
    public void Paths_start_from_the_folder_and_take_the_column_s_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.wav"], WavData.File(16000, s_samples));
        var rows = _context.Data.LoadFromEnumerable([new AudioRow { Path = "a.wav" }]);
        var view = _context.Transforms.LoadPerceiverAudio("Path", folder.Path).Fit(rows).Transform(rows);
        CollectionAssert.AreEqual(
            s_samples, view.GetColumn<float[]>("Path").Single());
    }

    [TestMethod]
    [DataRow(0, null, false, "SampleRate must be from 1000 to 384000")]
    [DataRow(16000, 0.0, false, "MaxSeconds must be from 0.001 to 86400, or null.")]
    [DataRow(384000, 86400.0, false, "MaxSeconds are more samples than fit into a vector.")]
    [DataRow(16000, null, true, "PadToMaxSeconds needs MaxSeconds.")]
    public void Settings_out_of_range_are_refused(int rate, double? seconds, bool pad, string message)
    {
        var options = new PerceiverAudioLoadingOptions { SampleRate = rate, MaxSeconds = seconds, PadToMaxSeconds = pad };
        var error = Assert.Throws<ArgumentException>(() => _context.Transforms.LoadPerceiverAudio(options));
        StringAssert.StartsWith(error.Message, message);
        Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.LoadPerceiverAudio(""));
    }

    private IDataView Rows(params byte[][] files) =>
        _context.Data.LoadFromEnumerable(files.Select((file, i) => new AudioRow { Id = i, Content = file }));

    private float[][] Load(params byte[][] files)
    {
        var rows = Rows(files);
        var view = _context.Transforms.LoadPerceiverAudio("Samples", inputColumnName: "Content").Fit(rows).Transform(rows);
        return [.. view.GetColumn<float[]>("Samples")];
    }
}
