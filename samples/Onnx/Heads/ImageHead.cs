using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace OnnxSample;

/// <summary>The classifier of clothes with photographs.</summary>
internal static class ImageHead
{
    /// <summary>The model with photographs that it was not trained on, as many of each class.</summary>
    public static Head Create(int count)
    {
        var model = (PerceiverForImageClassificationConvProcessing)BundledModel.Load(BundledModels.MiniClothing);
        return new LabelHead(
            "image",
            model,
            [.. Photographs(count).Select(path => Row(path))],
            row => new() { ["logits"] = model.forward(row["pixel_values"]).Logits },
            "logits",
            model.Config.NumLabels,
            "labels");
    }

    /// <summary>The files of photographs.</summary>
    public static IEnumerable<string> Photographs(int count)
    {
        string[] classes = [.. Directory.GetDirectories(BundledModel.DataPath("clothing")).Order(StringComparer.Ordinal)];
        return classes.SelectMany(folder =>
            Directory.GetFiles(folder, "*.jpg").Order(StringComparer.Ordinal).Take(Math.Max(1, count / classes.Length)));
    }

    /// <summary>A photograph as the bundled model reads it.</summary>
    public static Dictionary<string, TorchSharp.torch.Tensor> Row(string path)
    {
        var processor = new PerceiverImageProcessor(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing).ImageProcessor);
        return new(StringComparer.Ordinal)
        {
            ["pixel_values"] = processor.ProcessBatch([PerceiverImageConversion.DecodeImage(File.ReadAllBytes(path))]),
        };
    }
}
