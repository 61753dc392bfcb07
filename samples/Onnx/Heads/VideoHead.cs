using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using VideoAutoencoder;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>The autoencoder of video with audio. A window's choice is its label, the shot of the film.</summary>
internal static class VideoHead
{
    // One pixel of 16 is decoded, and all audio.
    private const int PixelStep = 16;

    /// <summary>The bundled model with windows of the bundled film.</summary>
    public static Head Create(int count)
    {
        var model = (PerceiverForMultimodalAutoencoding)BundledModel.Load(BundledModels.MiniVideo);
        string[] frames = [.. Directory.GetFiles(BundledModel.DataPath("film"), "*.jpg").Order(StringComparer.Ordinal)];
        float[] audio = WavFile.Read(BundledModel.DataPath("film", "audio.wav")).Samples;
        int window = model.Extents.Frames, windows = Math.Min(count, frames.Length / window);
        // From all of the film, not from its first shot alone.
        var starts = Enumerable.Range(0, windows).Select(i => i * (frames.Length / window) / windows * window);
        return new LabelHead(
            "multimodal",
            model,
            [.. starts.Select(start => Row(frames[start..(start + window)], audio, start, model))],
            row => Decoded(model, row),
            "label",
            model.Config.NumLabels,
            "labels");
    }

    private static Dictionary<string, Tensor> Row(string[] frames, float[] audio, int start, PerceiverForMultimodalAutoencoding model)
    {
        int side = model.Config.ImageSize, samples = model.Config.AudioSamplesPerFrame;
        byte[] pixels = [.. frames.SelectMany(path => PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path)).ToPlanes())];
        using var bytes = tensor(pixels, [1, frames.Length, 3, side, side]);
        using var floats = bytes.to(ScalarType.Float32);
        return new(StringComparer.Ordinal)
        {
            ["image"] = floats / 255,
            ["audio"] = tensor(audio[(start * samples)..((start + frames.Length) * samples)], 1, frames.Length * samples, 1),
            ["image_points"] = arange(0, model.Extents.ImagePoints, PixelStep, ScalarType.Int64),
            ["audio_points"] = arange(model.Extents.AudioPoints, ScalarType.Int64),
        };
    }

    private static Dictionary<string, Tensor> Decoded(PerceiverForMultimodalAutoencoding model, IReadOnlyDictionary<string, Tensor> row)
    {
        const string image = PerceiverForMultimodalAutoencoding.Image, audio = PerceiverForMultimodalAutoencoding.Audio;
        var latents = model.Encode(new PerceiverInputs(new Dictionary<string, Tensor> { [image] = row[image], [audio] = row[audio] }));
        var points = new PerceiverInputs(new Dictionary<string, Tensor>
        {
            [image] = row["image_points"],
            [audio] = row["audio_points"],
        });
        var output = model.Decode(latents, points);
        return new() { [image] = output.Image, [audio] = output.Audio, [PerceiverForMultimodalAutoencoding.Label] = output.Label };
    }
}
