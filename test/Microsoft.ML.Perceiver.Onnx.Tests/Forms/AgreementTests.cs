using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Perceiver.PerformanceTests;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Forms;

/// <summary>The choices of the bundled models by 8-bit integers beside those by floats.</summary>
[TestClass]
public sealed class AgreementTests
{
    private const double Least = 0.98;

    [TestMethod]
    [DataRow(PerceiverOnnxWeights.Int8, false)]
    [DataRow(PerceiverOnnxWeights.Int8, true)]
    [DataRow(PerceiverOnnxWeights.Int8Blocks, false)]
    public void First_choices_of_the_language_model(PerceiverOnnxWeights weights, bool sevenBits)
    {
        using var scope = NewDisposeScope();
        using var model = Load(BundledModels.MiniLanguage);
        var floats = new List<long>();
        var integers = new List<long>();
        using var folder = new TemporaryFolder();
        var options = new PerceiverOnnxOptions { ScorePositions = true, Weights = weights, SevenBitWeights = sevenBits };
        PerceiverOnnx.Export(model, folder["float.onnx"], new PerceiverOnnxOptions { ScorePositions = true });
        PerceiverOnnx.Export(model, folder["integer.onnx"], options);
        using var reference = new OnnxSession(folder["float.onnx"]);
        using var rounded = new OnnxSession(folder["integer.onnx"]);
        foreach (var inputs in MaskedTexts())
        {
            floats.AddRange(reference.Run(inputs)["logits"].argmax(-1).data<long>());
            integers.AddRange(rounded.Run(inputs)["logits"].argmax(-1).data<long>());
        }

        double share = floats.Zip(integers).Average(p => p.First == p.Second ? 1.0 : 0);
        Console.WriteLine($"{floats.Count} masks, {share:p2} alike");
        Assert.IsGreaterThan(300, floats.Count);
        Assert.IsGreaterThanOrEqualTo(Least, share);
    }

    [TestMethod]
    [DataRow(PerceiverOnnxWeights.Int8, false)]
    [DataRow(PerceiverOnnxWeights.Int8, true)]
    [DataRow(PerceiverOnnxWeights.Int8Blocks, false)]
    public void Labels_of_the_clothing_model(PerceiverOnnxWeights weights, bool sevenBits)
    {
        using var scope = NewDisposeScope();
        using var model = Load(BundledModels.MiniClothing);
        string data = RepositoryData.PathOf("samples", "ImageClassification", "Data", "clothing-64", "test");
        var processor = new PerceiverImageProcessor(PerceiverCheckpoint.Bundled(BundledModels.MiniClothing).ImageProcessor);
        var images = Directory.GetFiles(data, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file =>
        {
            using var image = MLImage.CreateFromFile(file);
            return image.ToPerceiverImage();
        });
        var inputs = new[] { ("pixel_values", processor.ProcessBatch([.. images])) };
        var floats = Exported.Run(model, null, inputs)["logits"].argmax(-1);
        var integers = Exported.Run(
            model, new PerceiverOnnxOptions { Weights = weights, SevenBitWeights = sevenBits }, inputs)["logits"].argmax(-1);
        double share = floats.eq(integers).to(ScalarType.Float32).mean().item<float>();
        Console.WriteLine($"{floats.shape[0]} images, {share:p2} alike");
        Assert.IsGreaterThan(300, floats.shape[0]);
        Assert.IsGreaterThanOrEqualTo(Least, share);
    }

    private static PerceiverPreTrainedModel Load(string name) => PerceiverModels.FromPretrained(BundledCheckpoints.Find(name));

    // Every seventh letter of English sentences is masked.
    private static IEnumerable<Dictionary<string, Tensor>> MaskedTexts()
    {
        const int texts = 48, every = 7;
        string folder = RepositoryData.PathOf("samples", "Pretrain", "Data", "sentiment-sentences");
        string file = Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).First();
        var tokenizer = new PerceiverTokenizer(new PerceiverTokenizerOptions());
        foreach (string line in File.ReadLines(file).Where(l => l.Length is > 40 and < 200 && l.All(char.IsAscii)).Take(texts))
        {
            long[] ids = [.. tokenizer.Encode(line).InputIds.Select(id => (long)id)];
            long[] positions = [.. Enumerable.Range(1, ids.Length - 2).Where(i => i % every == 0).Select(i => (long)i)];
            foreach (long position in positions)
                ids[position] = PerceiverTokenizer.MaskTokenId;
            yield return new Dictionary<string, Tensor>
            {
                ["input_ids"] = tensor(ids, 1, ids.Length),
                ["attention_mask"] = ones(1, ids.Length, ScalarType.Int64),
                ["positions"] = tensor(positions, 1, positions.Length),
            };
        }
    }
}
