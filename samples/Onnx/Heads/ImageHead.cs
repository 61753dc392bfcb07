using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using static TorchSharp.torch;

namespace OnnxSample;

/// <summary>The classifier of clothes with photographs.</summary>
internal static class ImageHead
{
    /// <summary>The model with photographs that it was not trained on, as many of each class.</summary>
    public static Head Create(int count)
    {
        var model = (PerceiverForImageClassificationConvProcessing)BundledModel.Load(BundledModels.MiniClothing);
        var processor = new PerceiverImageProcessor(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing).ImageProcessor);
        Tensor Pixels(Tensor image) => processor.ProcessTensor(image, PerceiverImageLayout.ChannelsLast);
        return new LabelHead(
            "image",
            model,
            [.. Photographs(count).Select(path => Row(path))],
            row => new() { ["logits"] = model.forward(Pixels(row["image"])).Logits },
            "logits",
            model.Config.NumLabels,
            "labels")
        {
            Options = new() { RawImages = true },
        };
    }

    /// <summary>The files of photographs.</summary>
    public static IEnumerable<string> Photographs(int count)
    {
        string[] classes = [.. Directory.GetDirectories(BundledModel.DataPath("clothing")).Order(StringComparer.Ordinal)];
        return classes.SelectMany(folder =>
            Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Take(Math.Max(1, count / classes.Length)));
    }

    /// <summary>A photograph as the file takes it: bytes [1, height, width, 3], red first.</summary>
    public static Dictionary<string, Tensor> Row(string path)
    {
        var image = PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path));
        using var planes = tensor(image.ToPlanes(), 1, 3, image.Height, image.Width);
        return new(StringComparer.Ordinal) { ["image"] = planes.permute(0, 2, 3, 1).contiguous() };
    }
}
