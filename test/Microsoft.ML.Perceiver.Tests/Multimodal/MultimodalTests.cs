using Microsoft.ML.Data;
using TorchSharp;

namespace Microsoft.ML.Perceiver.Tests.Multimodal;

[TestClass]
public sealed class MultimodalTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void Columns_are_those_of_the_bare_model()
    {
        var rows = TinyClips.Rows(2);
        using var transformer = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(Data(rows));
        var view = transformer.Transform(Data(rows));
        float[][] frames = [.. view.GetColumn<float[]>("ReconstructedFrames")];
        float[][] audio = [.. view.GetColumn<float[]>("ReconstructedAudio")];
        float[][] scores = [.. view.GetColumn<float[]>("Score")];
        uint[] labels = [.. view.GetColumn<uint>("PredictedLabel")];
        using var model = new PerceiverForMultimodalAutoencoding(TinyClips.Config, seed: 3);
        model.PrepareForStage();
        for (int i = 0; i < 2; i++)
        {
            using var expected = Reconstruct(model, rows[i].Frames, rows[i].Audio);
            AssertClose(expected.Image.clamp(0, 1) * 255, frames[i]);
            AssertClose(expected.Audio.clamp(-1, 1), audio[i]);
            AssertClose(expected.Label.softmax(-1), scores[i]);
            Assert.AreEqual(expected.Label.argmax().item<long>() + 1, labels[i]);
        }

        Assert.AreEqual(TinyClips.Frames * TinyClips.FrameValues, ((VectorDataViewType)view.Schema["ReconstructedFrames"].Type).Size);
        CollectionAssert.AreEqual(new[] { "bright", "dark", "ü" }, transformer.Labels.ToArray());
    }

    [TestMethod]
    public void A_longer_video_goes_window_by_window()
    {
        var (pixels, samples) = TinyClips.Make(new Random(5), bright: true, frames: 5);
        TinyClips.FreeClip[] rows = [new() { Frames = pixels, Audio = samples }];
        using var transformer = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(Data(rows));
        var view = transformer.Transform(Data(rows));
        float[] frames = view.GetColumn<float[]>("ReconstructedFrames").Single();
        float[] audio = view.GetColumn<float[]>("ReconstructedAudio").Single();
        float[] score = view.GetColumn<float[]>("Score").Single();
        Assert.HasCount(5 * TinyClips.FrameValues, frames);
        Assert.HasCount(5 * TinyClips.FrameSamples, audio);
        using var scope = torch.NewDisposeScope();
        using var model = new PerceiverForMultimodalAutoencoding(TinyClips.Config, seed: 3);
        model.PrepareForStage();
        // The last window overlaps the second, whose frame stands.
        var windows = new[] { 0, 2, 3 }.Select(start => Reconstruct(
            model,
            pixels[(start * TinyClips.FrameValues)..((start + 2) * TinyClips.FrameValues)],
            samples[(start * TinyClips.FrameSamples)..((start + 2) * TinyClips.FrameSamples)])).ToArray();
        var expected = torch.cat([windows[0].Image, windows[1].Image, windows[2].Image.narrow(1, 1, 1)], 1).clamp(0, 1) * 255;
        AssertClose(expected, frames);
        AssertClose(
            torch.cat([windows[0].Audio, windows[1].Audio, windows[2].Audio.narrow(1, TinyClips.FrameSamples, TinyClips.FrameSamples)], 1)
                .clamp(-1, 1),
            audio);
        AssertClose(torch.stack(windows.Select(w => w.Label.softmax(-1))).mean([0]), score);
    }

    [TestMethod]
    public void Images_and_vectors_of_the_same_pixels_give_the_same()
    {
        var row = TinyClips.Rows(1)[0];
        using var first = Image(row.Bytes.AsSpan(0, TinyClips.FrameValues));
        using var second = Image(row.Bytes.AsSpan(TinyClips.FrameValues));
        var images = Data([new TinyClips.ImageClip { First = first, Second = second, Audio = row.Audio }]);
        using var byImage = _context.Transforms.PerceiverMultimodal(
            new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, FrameColumnNames = ["First", "Second"] }).Fit(images);
        using var byVector = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(Data([row]));
        float[] a = byImage.Transform(images).GetColumn<float[]>("ReconstructedFrames").Single();
        float[] b = byVector.Transform(Data([row])).GetColumn<float[]>("ReconstructedFrames").Single();
        Modules.TinyModels.AssertSame(a, b);
    }

    [TestMethod]
    public void Frames_of_another_size_are_resized()
    {
        var row = TinyClips.Rows(1)[0];
        // Each pixel fourfold; shrinking gives about the same colours again.
        float[] large = new float[6 * 16 * 16];
        for (int i = 0; i < large.Length; i++)
        {
            int plane = i / 256, y = i / 16 % 16, x = i % 16;
            large[i] = row.Frames[plane * 64 + y / 2 * 8 + x / 2];
        }

        TinyClips.FreeClip[] rows = [new() { Frames = large, Audio = row.Audio }];
        using var transformer = _context.Transforms.PerceiverMultimodal(
            new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, PixelHeight = 16, PixelWidth = 16 }).Fit(Data(rows));
        using var plain = _context.Transforms.PerceiverMultimodal(TinyClips.Checkpoint).Fit(Data([row]));
        float[] score = transformer.Transform(Data(rows)).GetColumn<float[]>("Score").Single();
        float[] expected = plain.Transform(Data([row])).GetColumn<float[]>("Score").Single();
        Assert.HasCount(
            TinyClips.Frames * TinyClips.FrameValues, transformer.Transform(Data(rows)).GetColumn<float[]>("ReconstructedFrames").Single());
        for (int i = 0; i < 3; i++)
            Assert.AreEqual(expected[i], score[i], 0.02f);
    }

    [TestMethod]
    public void Training_improves_image_audio_and_label_and_goes_on_the_same_from_a_file()
    {
        var data = Data(TinyClips.Rows(16));
        data = _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
        using var transformer = _context.Transforms.PerceiverMultimodal(new PerceiverMultimodalOptions
        {
            Checkpoint = TinyClips.Checkpoint,
            LabelColumnName = "Key",
            ValidationSet = data,
            Training = new() { Epochs = 40, BatchSize = 8, LearningRate = 3e-3 },
            Autoencoding = new() { Weights = new(1, 1, 0.1), LabelMask = 1 },
        }).Fit(data);
        var epochs = transformer.TrainingResult!.Epochs;
        var (first, last) = (epochs[0].ValidationMetrics!, epochs[^1].ValidationMetrics!);
        Assert.IsGreaterThan(first["VideoPsnr"] + 3, last["VideoPsnr"]);
        Assert.IsGreaterThan(first["AudioPsnr"], last["AudioPsnr"]);
        Assert.AreEqual(1.0, last["Accuracy"], 1e-9);
        var metrics = _context.MulticlassClassification.Evaluate(transformer.Transform(data), "Key");
        Assert.AreEqual(1.0, metrics.MicroAccuracy, 1e-9);
        CollectionAssert.AreEqual(new[] { "bright", "dark" }, transformer.Labels.ToArray());
        using var folder = new TemporaryFolder();
        transformer.SavePretrained(folder.Path);
        using var again = _context.Transforms.PerceiverMultimodal(PerceiverCheckpoint.FromDirectory(folder.Path)).Fit(data);
        // The file's weights lie elsewhere in memory, which changes the rounding.
        foreach (var (expected, actual) in transformer.Transform(data).GetColumn<float[]>("Score").Zip(
            again.Transform(data).GetColumn<float[]>("Score")))
            Modules.TinyModels.AssertSame(expected, actual);
    }

    [TestMethod]
    public void Training_without_labels_has_no_accuracy()
    {
        using var transformer = _context.Transforms.PerceiverMultimodal(
            new PerceiverMultimodalOptions { Checkpoint = TinyClips.Checkpoint, Training = new() { Epochs = 1, ValidationFraction = 0.5 } })
            .Fit(Data(TinyClips.Rows(4)));
        CollectionAssert.AreEqual(
            new[] { "VideoPsnr", "AudioPsnr" }, transformer.TrainingResult!.Epochs[0].ValidationMetrics!.Keys.ToArray());
    }

    internal static MLImage Image(ReadOnlySpan<byte> planes)
    {
        byte[] pixels = new byte[TinyClips.Height * TinyClips.Width * 4];
        for (int i = 0; i < 64; i++)
            (pixels[4 * i], pixels[4 * i + 1], pixels[4 * i + 2], pixels[4 * i + 3]) = (planes[i], planes[64 + i], planes[128 + i], 255);
        return MLImage.CreateFromPixels(TinyClips.Width, TinyClips.Height, MLPixelFormat.Rgba32, pixels);
    }

    private static PerceiverReconstruction Reconstruct(PerceiverForMultimodalAutoencoding model, float[] frames, float[] audio) =>
        model.Reconstruct(new PerceiverInputs(new Dictionary<string, torch.Tensor>
        {
            ["image"] = torch.tensor(frames, [1, 2, 3, TinyClips.Height, TinyClips.Width]) / 255,
            ["audio"] = torch.tensor(audio, [1, 2 * TinyClips.FrameSamples, 1]),
        }));

    private static void AssertClose(torch.Tensor expected, float[] actual) =>
        Modules.TinyModels.AssertSame(expected.contiguous().data<float>().ToArray(), actual);

    private IDataView Data<T>(IEnumerable<T> rows)
        where T : class => _context.Data.LoadFromEnumerable(rows);
}
