using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Images;

/// <summary>Files that take images as they are.</summary>
[TestClass]
public sealed class RawImageTests
{
    private const int Side = 16;

    private static readonly PerceiverOnnxOptions Raw = new() { RawImages = true };
    private static readonly string[] Labels = ["cat", "dog", "\u00fc"];

    [TestMethod]
    [DataRow("ConvProcessing")]
    [DataRow("Fourier")]
    [DataRow("Learned")]
    public void A_stage_gives_the_scores_of_its_file(string head)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var photographs = TestPhotographs.Random(seed: 1);
        var context = new MLContext(1);
        var data = context.Data.LoadFromEnumerable(photographs.Select((image, i) => new Row { Path = Written(image, folder[$"{i}.png"]) }));
        var checkpoint = PerceiverCheckpoint.FromConfig(Config(head), 3);
        using var stage = context.Transforms.LoadImages("Image", imageFolder: null, "Path")
            .Append(context.Transforms.PerceiverImageClassification(checkpoint, "Image")).Fit(data);
        stage.SaveAsOnnx(folder["model.onnx"], Raw);
        using var session = new OnnxSession(folder["model.onnx"]);
        Assert.AreEqual("batch, height, width, 3", session.ShapeOf("image"));
        CollectionAssert.AreEqual(Labels, JsonSerializer.Deserialize<string[]>(session.Metadata[PerceiverOnnx.LabelsKey]));
        float[][] scores = [.. context.Data.CreateEnumerable<Scored>(stage.Transform(data), reuseRowObject: false).Select(r => r.Score)];
        Assert.HasCount(photographs.Count, scores);
        for (int i = 0; i < scores.Length; i++)
            OnnxTolerance.AssertClose(tensor(scores[i], 1, Labels.Length), Run(session, photographs[i]).softmax(1), $"image {i}");
    }

    [TestMethod]
    [DataRow(PerceiverOnnxWeights.Float32)]
    [DataRow(PerceiverOnnxWeights.Float16)]
    [DataRow(PerceiverOnnxWeights.Int8)]
    public void The_bundled_model_has_its_own_filter(PerceiverOnnxWeights weights)
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = PerceiverForImageClassification.FromPretrained(BundledCheckpoints.Find(BundledModels.MiniClothing));
        var options = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing).ImageProcessor!;
        Assert.AreEqual(PerceiverResampling.Lanczos, options.Resample);
        var form = new PerceiverOnnxOptions { Weights = weights };
        PerceiverOnnx.Export(model, folder["pixels.onnx"], form);
        PerceiverOnnx.Export(model, folder["images.onnx"], form with { RawImages = true });
        using var pixels = new OnnxSession(folder["pixels.onnx"]);
        using var images = new OnnxSession(folder["images.onnx"]);
        var processor = new PerceiverImageProcessor(options);
        foreach (var image in TestPhotographs.Whole)
        {
            var expected = pixels.Run(new Dictionary<string, Tensor> { ["pixel_values"] = processor.Process(image) })["logits"];
            OnnxTolerance.AssertClose(expected, Run(images, image), "logits");
        }
    }

    [TestMethod]
    public void Images_of_one_size_are_a_batch()
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var folder = new TemporaryFolder();
        using var model = PerceiverForImageClassification.Create(Config("Fourier"));
        model.eval();
        PerceiverOnnx.Export(model, folder["model.onnx"], Raw with { Opset = 17 });
        using var session = new OnnxSession(folder["model.onnx"]);
        var images = randint(0, 256, [5, 37, 20, 3], ScalarType.Byte, generator: new Generator(1));
        var pixels = new PerceiverImageProcessor(new() { Size = new(Side), CropSize = new(Side) })
            .ProcessTensor(images, PerceiverImageLayout.ChannelsLast);
        var actual = session.Run(new Dictionary<string, Tensor> { ["image"] = images })["logits"];
        OnnxTolerance.AssertClose(model.forward(pixels).Logits, actual, "logits");
    }

    [TestMethod]
    public void Wrong_inputs_are_refused_by_the_runtime()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = PerceiverForImageClassification.Create(Config("ConvProcessing"));
        PerceiverOnnx.Export(model, folder["model.onnx"], Raw);
        using var session = new OnnxSession(folder["model.onnx"]);
        (Tensor Images, string Named)[] wrong =
        [
            (zeros([1, 8, 9, 4], ScalarType.Byte), "image"),
            (zeros([1, 3, 8, 9], ScalarType.Byte), "image"),
            (zeros([8, 9, 3], ScalarType.Byte), "image"),
            (zeros([1, 8, 9, 3], ScalarType.Float32), "uint8"),
        ];
        foreach (var (images, named) in wrong)
        {
            var error = Assert.ThrowsExactly<OnnxRuntimeException>(
                () => session.Run(new Dictionary<string, Tensor> { ["image"] = images }));
            StringAssert.Contains(error.Message, "InvalidArgument");
            StringAssert.Contains(error.Message, named);
        }
    }

    [TestMethod]
    public void What_cannot_take_images_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder["model.onnx"];
        using var texts = new PerceiverForSequenceClassification(Exported.Config);
        using var model = PerceiverForImageClassification.Create(Config("ConvProcessing"));
        var settings = new PerceiverImageProcessorOptions { Size = new(Side) };
        Refused(texts, Raw, nameof(PerceiverForSequenceClassification));
        Refused(model, Raw with { RawText = true }, nameof(PerceiverOnnxOptions.RawText));
        Refused(model, Raw with { ImageProcessor = settings with { DoResize = false } }, "do_resize");
        Refused(model, Raw with { ImageSize = new PerceiverImageSize(Side, 2 * Side) }, nameof(PerceiverOnnxOptions.ImageSize));
        var oldSet = Assert.ThrowsExactly<NotSupportedException>(() => PerceiverOnnx.Export(model, path, Raw with { Opset = 14 }));
        Assert.Contains("Shape", oldSet.Message);
        Assert.Contains("14", oldSet.Message);
        Assert.IsFalse(File.Exists(path));

        void Refused(PerceiverPreTrainedModel refused, PerceiverOnnxOptions options, string named) => Assert.Contains(
            named, Assert.ThrowsExactly<ArgumentException>(() => PerceiverOnnx.Export(refused, path, options)).Message);
    }

    private static PerceiverConfig Config(string head) => (Exported.Config with
    {
        ImageSize = Side,
        NumCrossAttentionHeads = 1,
        Architectures = ["PerceiverForImageClassification" + head],
    }).WithLabels(Labels);

    private static Tensor Run(OnnxSession session, PerceiverImage image) =>
        session.Run(new Dictionary<string, Tensor> { ["image"] = image.ToTensor() })["logits"];

    private static string Written(PerceiverImage image, string path)
    {
        byte[] pixels = [.. image.Pixels.ToArray().Chunk(3).SelectMany(colours => colours.Append(byte.MaxValue))];
        using var written = MLImage.CreateFromPixels(image.Width, image.Height, MLPixelFormat.Rgba32, pixels);
        written.Save(path);
        return path;
    }

    private sealed class Row
    {
        public string Path { get; set; } = "";
    }

    private sealed class Scored
    {
        public float[] Score { get; set; } = [];
    }
}
