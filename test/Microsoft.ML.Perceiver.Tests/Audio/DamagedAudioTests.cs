using System.Buffers.Binary;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>Files that are no WAV files, damaged or cut off are errors that name row, column and file.</summary>
[TestClass]
public sealed class DamagedAudioTests
{
    private static readonly byte[] s_good = WavData.File(16000, WavData.Tone(200, 440));
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("page.wav", "The 21 bytes are no WAV file.")]
    [DataRow("empty.wav", "The 0 bytes are no WAV file.")]
    [DataRow("cut.wav", "It is cut off: 444 bytes are announced, 300 are there.")]
    [DataRow("head.wav", "It is cut off: 444 bytes are announced, 20 are there.")]
    [DataRow("pipe.wav", "It does not say how long it is, as it was written into a pipe; write it into a file.")]
    [DataRow("none.wav", "It has no samples.")]
    [DataRow("adpcm.wav", "Its samples have the coding")]
    [DataRow("12 bits.wav", "Its samples have the coding Pcm with 12 bits")]
    [DataRow("slow.wav", "It has 7 samples a second; from 1000 to 384000 are read.")]
    [DataRow("nan.wav", "It has a sample that is no finite number.")]
    [DataRow("missing.wav", "Could not find file")]
    [DataRow("folder.wav", "Access to the path")]
    public void A_file_that_cannot_be_read_is_named(string name, string reason)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["folder.wav"]);
        byte[] pipe = [.. s_good];
        BinaryPrimitives.WriteUInt32LittleEndian(pipe.AsSpan(4), uint.MaxValue);
        var files = new Dictionary<string, byte[]>
        {
            ["good.wav"] = s_good,
            ["page.wav"] = "<!DOCTYPE html><html>"u8.ToArray(),
            ["empty.wav"] = [],
            ["cut.wav"] = s_good[..300],
            ["head.wav"] = s_good[..20],
            ["pipe.wav"] = pipe,
            ["none.wav"] = WavData.File(16000),
            ["adpcm.wav"] = WavData.File(2, 16000, 1, 8, [1, 2]),
            ["12 bits.wav"] = WavData.File(WavData.Pcm, 16000, 2, 12, [1, 2, 3]),
            ["slow.wav"] = WavData.File(7, [0f]),
            ["nan.wav"] = WavData.File(WavData.Float, 16000, 1, 32, WavData.Bytes([0, float.NaN], WavData.Float, 32)),
        };
        foreach (var (file, content) in files)
            File.WriteAllBytes(folder[file], content);
        var rows = _context.Data.LoadFromEnumerable(
            new[] { "good.wav", name }.Select(file => new AudioRow { Path = folder[file] }));
        var view = _context.Transforms.LoadPerceiverAudio("Samples", inputColumnName: "Path").Fit(rows).Transform(rows);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => view.GetColumn<float[]>("Samples").ToArray());
        StringAssert.StartsWith(error.Message, $"Row 1: the file '{folder[name]}' of the column 'Path' cannot be read: {reason}");
    }

    [TestMethod]
    public void Missing_paths_and_bytes_that_cannot_be_read_are_the_row_s_error()
    {
        var rows = _context.Data.LoadFromEnumerable([new AudioRow { Content = s_good[..100] }]);
        Assert.AreEqual("Row 0: the path in the column 'Path' is missing.", ErrorOf("Path", rows));
        Assert.AreEqual(
            "Row 0: the audio in the column 'Content' cannot be read: It is cut off: 444 bytes are announced, 100 are there.",
            ErrorOf("Content", rows));
        Assert.AreEqual(
            "Row 0: the audio in the column 'Content' is missing.", ErrorOf("Content", _context.Data.LoadFromEnumerable([new AudioRow()])));
    }

    [TestMethod]
    public void A_changed_byte_of_the_header_is_read_or_refused()
    {
        var random = new Random(1);
        byte[] good = WavData.File(
            WavData.Pcm, 16000, 2, 24, WavData.Bytes(WavData.Tone(60, 440), WavData.Pcm, 24), isExtensible: true, before: true);
        int read = 0, refused = 0;
        for (int trial = 0; trial < 5000; trial++)
        {
            byte[] mutant = [.. good];
            for (int i = 0; i < 1 + trial % 3; i++)
                mutant[random.Next(80)] = (byte)random.Next(256);
            try
            {
                Assert.IsNotEmpty(WaveDecoder.Decode(mutant, 16000));
                read++;
            }
            catch (FormatException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(1000, read);
        Assert.IsGreaterThan(1000, refused);
    }

    [TestMethod]
    public void A_file_that_is_cut_anywhere_is_refused()
    {
        for (int length = 0; length < s_good.Length; length++)
        {
            byte[] cut = s_good[..length];
            Assert.ThrowsExactly<FormatException>(() => WaveDecoder.Decode(cut, 16000), $"{length} bytes");
        }
    }

    private string ErrorOf(string column, IDataView rows)
    {
        var view = _context.Transforms.LoadPerceiverAudio("Samples", inputColumnName: column).Fit(rows).Transform(rows);
        return Assert.ThrowsExactly<InvalidOperationException>(() => view.GetColumn<float[]>("Samples").ToArray()).Message;
    }
}
