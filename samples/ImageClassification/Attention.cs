using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Samples;

namespace ImageClassification;

/// <summary>What a model looks at in images.</summary>
internal static class Attention
{
    /// <summary>Draws images beside themselves under a heat map.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="checkpoint">The model, in a stage that writes one column more.</param>
    /// <param name="images">The images' files.</param>
    public static void Save(string path, PerceiverCheckpoint checkpoint, IReadOnlyList<string> images)
    {
        var mlContext = new MLContext();
        var rows = mlContext.Data.LoadFromEnumerable(
            images.Select(image => new MyModel.ModelInput { ImageSource = Path.GetFullPath(image) }));
        var loading = mlContext.Transforms.LoadPerceiverImages("Image", imageFolder: null, "ImageSource").Fit(rows);
        var loaded = loading.Transform(rows);
        using var model = mlContext.Transforms.PerceiverImageClassification(new PerceiverImageClassificationOptions
        {
            Checkpoint = checkpoint,
            AttentionColumnName = "Attention",
        }).Fit(loaded);
        var scored = model.Transform(loaded);
        var places = ((VectorDataViewType)scored.Schema["Attention"].Type).Dimensions;
        var pictures = new List<HeatMap.Picture>();
        foreach (var (image, key, weights) in images.Zip(scored.GetColumn<uint>("PredictedLabel"), scored.GetColumn<float[]>("Attention")))
        {
            var pixels = PerceiverImageConversion.DecodeImage(File.ReadAllBytes(image));
            float[] over = PerceiverImageAttention.OverImage(
                weights, places[0], places[1], model.ImageProcessor.Options, pixels.Height, pixels.Width);
            string title = $"{Path.GetFileName(image)}: {model.Labels[(int)key - 1]}";
            pictures.Add(new HeatMap.Picture(Rgb(pixels), pixels.Height, pixels.Width, over, title));
        }

        HeatMap.Save(path, pictures);
    }

    private static byte[] Rgb(PerceiverImage image)
    {
        byte[] pixels = new byte[image.Height * image.Width * 3];
        using var drawn = image.ToMLImage();
        int channels = drawn.BitsPerPixel / 8;
        bool isBlueFirst = drawn.PixelFormat == MLPixelFormat.Bgra32;
        for (int i = 0; i < image.Height * image.Width; i++)
        {
            for (int c = 0; c < 3; c++)
                pixels[3 * i + c] = drawn.Pixels[channels * i + (isBlueFirst ? 2 - c : c)];
        }

        return pixels;
    }
}
