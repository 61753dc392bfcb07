using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>Photographs of clothing.</summary>
internal sealed record ImageHead() : ExportedHead("image", BundledModels.MiniClothing)
{
    /// <inheritdoc/>
    internal override string Agreement => "labels of photographs";

    /// <inheritdoc/>
    internal override IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows)
    {
        var processor = new PerceiverImageProcessor(PerceiverCheckpoint.Bundled(Model).ImageProcessor);
        string[] files = Directory.GetFiles(DataFile("clothing"), "*.jpg", SearchOption.AllDirectories);
        Array.Sort(files, StringComparer.Ordinal);
        // The files are in the order of their classes.
        int count = Math.Min(rows, files.Length);
        foreach (int i in Enumerable.Range(0, count))
            yield return new() { ["pixel_values"] = processor.ProcessBatch([Pictures.Read(files[i * files.Length / count])]) };
    }

    /// <inheritdoc/>
    internal override Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs) =>
        new() { ["logits"] = ((PerceiverForImageClassification)model).forward(inputs["pixel_values"]).Logits };
}

/// <summary>The motion between two frames, piece by piece.</summary>
internal sealed record FlowHead() : ExportedHead("flow", BundledModels.MiniFlow)
{
    private const double Pixels = 0.5;

    /// <inheritdoc/>
    internal override string Agreement => $"motions that differ by less than {Pixels} pixels";

    /// <inheritdoc/>
    internal override IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows)
    {
        int height = model.Config.TrainSize[0], width = model.Config.TrainSize[1];
        Tensor[] frames = [.. Enumerable.Range(10, 2).Select(i => Pictures.Planes(DataFile("rubberwhale", $"frame{i}.png")) * 2 - 1)];
        var both = stack(frames, 0).unsqueeze(0);
        var corners =
            from top in Enumerable.Range(0, (int)(both.shape[3] / height))
            from left in Enumerable.Range(0, (int)(both.shape[4] / width))
            select (Top: top * height, Left: left * width);
        foreach (var (top, left) in corners.Take(rows))
        {
            var piece = both.narrow(3, top, height).narrow(4, left, width);
            yield return new()
            {
                ["inputs"] = PerceiverOpticalFlowProcessor.Patches(piece),
                ["points"] = arange(height * width, ScalarType.Int64),
            };
        }
    }

    /// <inheritdoc/>
    internal override Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs) =>
        new() { ["logits"] = ((PerceiverForOpticalFlow)model).forward(inputs["inputs"]).Logits.flatten(1, 2) };

    /// <inheritdoc/>
    internal override Tensor Same(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> found) =>
        (expected["logits"] - found["logits"]).norm(-1).lt(Pixels);
}

/// <summary>A film with its audio, reconstructed.</summary>
internal sealed record MultimodalHead() : ExportedHead("multimodal", BundledModels.MiniVideo)
{
    private const double Level = 4.0 / 255;

    /// <inheritdoc/>
    internal override string Agreement => "colours of pixels within four of 255 levels";

    /// <inheritdoc/>
    internal override IEnumerable<Dictionary<string, Tensor>> Inputs(PerceiverPreTrainedModel model, int rows)
    {
        var e = PerceiverMultimodalExtents.Of(model.Config);
        string[] files = Directory.GetFiles(DataFile("film"), "*.jpg");
        Array.Sort(files, StringComparer.Ordinal);
        byte[] wave = File.ReadAllBytes(DataFile("film", "audio.wav"));
        foreach (string[] frames in files.Chunk(e.Frames).Where(f => f.Length == e.Frames).Take(rows))
        {
            yield return new()
            {
                ["image"] = stack(frames.Select(Pictures.Planes), 0).unsqueeze(0),
                ["audio"] = tensor(Pictures.Samples(wave, e.Samples), 1, e.Samples, 1),
                ["image_points"] = arange(e.ImagePoints, ScalarType.Int64),
                ["audio_points"] = arange(e.AudioPoints, ScalarType.Int64),
            };
        }
    }

    /// <inheritdoc/>
    internal override Dictionary<string, Tensor> Run(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs)
    {
        Dictionary<string, Tensor> Parts(string suffix) =>
            new() { ["image"] = inputs["image" + suffix], ["audio"] = inputs["audio" + suffix] };
        var autoencoder = (PerceiverForMultimodalAutoencoding)model;
        var latents = autoencoder.Encode(new PerceiverInputs(Parts("")));
        var decoded = autoencoder.Decode(latents, new PerceiverInputs(Parts("_points")));
        return new() { ["image"] = decoded.Image, ["audio"] = decoded.Audio, ["label"] = decoded.Label };
    }

    /// <inheritdoc/>
    internal override Tensor Same(Dictionary<string, Tensor> expected, Dictionary<string, Tensor> found) =>
        (expected["image"] - found["image"]).abs().le(Level);
}

/// <summary>Images and audio of files.</summary>
internal static class Pictures
{
    /// <summary>An image file as bytes.</summary>
    internal static PerceiverImage Read(string path)
    {
        using var image = MLImage.CreateFromFile(path);
        return image.ToPerceiverImage();
    }

    /// <summary>The colours of an image file from 0 to 1, [3, height, width].</summary>
    internal static Tensor Planes(string path)
    {
        var unscaled = new PerceiverImageProcessorOptions { DoCenterCrop = false, DoResize = false, DoNormalize = false };
        return new PerceiverImageProcessor(unscaled).ProcessBatch([Read(path)])[0];
    }

    /// <summary>The first samples of a WAV file of 16 bits and one channel, from -1 to 1.</summary>
    internal static float[] Samples(byte[] wave, int count)
    {
        const int header = 44;
        return [.. Enumerable.Range(0, count).Select(i => BitConverter.ToInt16(wave, header + 2 * i) / 32768f)];
    }
}
