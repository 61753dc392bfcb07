using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.Multimodal;

/// <summary>Videos and audio that the multimodal stage must refuse, with the row's number and in words.</summary>
[TestClass]
public sealed class MultimodalErrorTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(0, 20, "the column 'Frames' has no frames")]
    [DataRow(2, 0, "the column 'Audio' has no audio; the model needs 20 samples for the 2 frames")]
    [DataRow(1, 10, "the column 'Frames' has 1 frames; the model reads windows of 2")]
    [DataRow(2, 19, "the column 'Audio' has 19 samples for 2 frames; the model needs 10 for each frame")]
    [DataRow(3, 20, "the column 'Audio' has 20 samples for 3 frames; the model needs 10 for each frame")]
    [DataRow(2, 40, "Resample the audio to that rate")]
    public void A_row_that_does_not_fit_fails_with_its_number(int frames, int samples, string message)
    {
        TinyClips.FreeClip good = new() { Frames = new float[2 * TinyClips.FrameValues], Audio = new float[20] };
        TinyClips.FreeClip bad = new() { Frames = new float[frames * TinyClips.FrameValues], Audio = new float[samples] };
        using var transformer = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(Data([good]));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(Data([good, bad])).GetColumn<float[]>("Score").ToArray());
        StringAssert.StartsWith(error.Message, "Row 1: ");
        StringAssert.Contains(error.Message, message);
        // Training reads the same rows in the same way.
        var trainer = _context.Transforms.PerceiverMultimodal(
            new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, Training = new() { Epochs = 1 } });
        StringAssert.StartsWith(Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(Data([good, bad]))).Message, "Row 1: ");
    }

    [TestMethod]
    [DataRow(float.NaN, 0f, "the value 5 in the column 'Frames' is NaN")]
    [DataRow(256f, 0f, "the value 5 in the column 'Frames' is 256; a pixel is from 0 to 255")]
    [DataRow(1f, float.NaN, "the sample 7 in the column 'Audio' is NaN")]
    [DataRow(1f, float.PositiveInfinity, "the sample 7 in the column 'Audio' is")]
    public void A_value_that_is_none_fails_with_its_place(float pixel, float sample, string message)
    {
        var rows = TinyClips.Rows(2);
        rows[1].Frames[5] = pixel;
        rows[1].Audio[7] = sample;
        using var transformer = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(Data(rows));
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(Data(rows)).GetColumn<float[]>("Score").ToArray());
        StringAssert.StartsWith(error.Message, $"Row 1: {message}");
    }

    [TestMethod]
    public void A_schema_that_cannot_fit_is_refused_before_a_row_is_read()
    {
        var rows = Data(TinyClips.Rows(1));
        Refused(new() { PixelHeight = 7, PixelWidth = 9 }, rows, "no whole frames of 3 x 7 x 9");
        Refused(
            new() { Checkpoint = Checkpoint(c => c with { NumFrames = 4, OutputShape = [1, 4, 8, 8] }) },
            rows,
            "2 frames; the model reads windows of 4");
        Refused(new() { Checkpoint = Checkpoint(c => c with { AudioSamplesPerFrame = 15 }) }, rows, "the model needs 15 for each frame");
        Refused(new() { LabelColumnName = "Label", Training = new() }, rows, "Label");
        Refused(new() { LabelColumnName = "Id", Training = new() }, rows, "Id");
        using var transformer = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(rows);
        var free = Data([new TinyClips.FreeClip()]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => transformer.Transform(free)).Message,
            "the stage was made for 2 frames");
    }

    [TestMethod]
    public void Settings_are_checked()
    {
        Refused<ArgumentException>(new() { Checkpoint = null }, "FromConfig");
        Refused<ArgumentException>(new() { AudioColumnName = "" }, "AudioColumnName");
        Refused<ArgumentException>(new() { FrameColumnNames = [] }, "FrameColumnNames");
        Refused<ArgumentException>(new() { PixelHeight = 3 }, "PixelWidth");
        Refused<ArgumentException>(new() { LabelColumnName = "Label" }, "LabelColumnName is for training");
        Refused<ArgumentException>(new() { Autoencoding = new() { LabelMask = 1 } }, "Autoencoding is for training");
        Refused<ArgumentOutOfRangeException>(new() { Autoencoding = new() { ImageMask = 2 } }, "ImageMask");
        Refused<ArgumentOutOfRangeException>(new() { Autoencoding = new() { AudioPoints = 0 } }, "AudioPoints");
        Refused<ArgumentOutOfRangeException>(new() { Autoencoding = new() { Weights = new(double.NaN) } }, "Weights");
        Refused<ArgumentException>(new() { Checkpoint = Checkpoint(c => c with { SamplesPerPatch = 7 }) }, "samples_per_patch");
    }

    [TestMethod]
    public void Fewer_columns_of_frames_than_a_window_are_refused()
    {
        var options = new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, FrameColumnNames = ["First"] };
        var data = Data([new TinyClips.ImageClip { Audio = new float[20] }]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.PerceiverMultimodal(options).Fit(data)).Message,
            "windows of 2 frames");
    }

    [TestMethod]
    public void An_option_for_other_objectives_is_refused()
    {
        var options = new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, Training = new() { TokenDropout = 0.1 } };
        var estimator = _context.Transforms.PerceiverMultimodal(options);
        var error = Assert.ThrowsExactly<ArgumentException>(() => estimator.Fit(Data(TinyClips.Rows(2))));
        StringAssert.Contains(error.Message, "TokenDropout");
    }

    private static PerceiverCheckpoint Checkpoint(Func<PerceiverConfig, PerceiverConfig> change) =>
        PerceiverCheckpoint.FromConfig(change(TinyClips.Config), 3);

    private void Refused(PerceiverMultimodalOptions options, IDataView data, string message)
    {
        options.Checkpoint ??= TinyClips.Checkpoint;
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.PerceiverMultimodal(options).Fit(data)).Message,
            message);
    }

    private void Refused<TException>(PerceiverMultimodalOptions options, string message)
        where TException : Exception
    {
        if (message != "FromConfig")
            options.Checkpoint ??= TinyClips.Checkpoint;
        StringAssert.Contains(Assert.ThrowsExactly<TException>(() => _context.Transforms.PerceiverMultimodal(options)).Message, message);
    }

    private IDataView Data<T>(IEnumerable<T> rows)
        where T : class => _context.Data.LoadFromEnumerable(rows);
}
