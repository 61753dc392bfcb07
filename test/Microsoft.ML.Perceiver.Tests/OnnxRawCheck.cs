using Microsoft.ML.Perceiver.Onnx.Tests;
using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using Microsoft.ML.Perceiver.Onnx.Tests.Texts;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests;

/// <summary>
/// What the files of stages must do that take texts or images as they are: give the model's own numbers for what the tokenizer or the
/// stage's image processor makes of them. A stage that reads neither refuses both options.
/// </summary>
internal static class OnnxRawCheck
{
    private static readonly string[] Texts =
    [
        "a [MASK] b", "", "\u00fc\U0001F642 is longer than the others, and than a small model's longest text",
    ];

    internal static void Run(PerceiverPreTrainedModel model, ModelInputs inputs, ITransformer transformer, int columns, string path)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        RunTexts(model, inputs, transformer, columns, path);
        RunImages(model, inputs, transformer, path);
    }

    private static void RunTexts(
        PerceiverPreTrainedModel model, ModelInputs inputs, ITransformer transformer, int columns, string path)
    {
        var options = new PerceiverOnnxOptions { RawText = true };
        bool readsText = model is PerceiverForMaskedLM or PerceiverForSentenceEmbedding
            || (model is PerceiverForSequenceClassification && columns == 1);
        if (!readsText || model.Config.VocabularySize < PerceiverTokenizer.VocabularySize)
        {
            Assert.ThrowsExactly<ArgumentException>(() => transformer.SaveAsOnnx(path, options));
            return;
        }

        using var session = new OnnxSession(transformer.SaveAsOnnx(path, options)[0]);
        var (ids, mask) = PaddedTexts.Of(Texts, Math.Min(inputs.Tokenizer!.ModelMaxLength, model.Config.MaxPositionEmbeddings));
        AssertClose(model, new() { ["input_ids"] = ids, ["attention_mask"] = mask }, session.Run(Texts), "texts");
    }

    private static void RunImages(PerceiverPreTrainedModel model, ModelInputs inputs, ITransformer transformer, string path)
    {
        var options = new PerceiverOnnxOptions { RawImages = true };
        bool readsImage = model is PerceiverForImageClassification or PerceiverForObjectDetection
            or PerceiverModel { InputPreprocessor: PerceiverImagePreprocessor };
        if (!readsImage)
        {
            Assert.ThrowsExactly<ArgumentException>(() => transformer.SaveAsOnnx(path, options));
            return;
        }

        using var session = new OnnxSession(transformer.SaveAsOnnx(path, options)[0]);
        var images = randint(0, 256, [2, 23, 41, 3], ScalarType.Byte, generator: new Generator(1));
        var pixels = new PerceiverImageProcessor(inputs.ImageProcessor!).ProcessTensor(images, PerceiverImageLayout.ChannelsLast);
        AssertClose(
            model,
            new() { ["pixel_values"] = pixels },
            session.Run(new Dictionary<string, Tensor> { [OnnxImageInput.Name] = images }),
            "images");
    }

    private static void AssertClose(
        PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs, Dictionary<string, Tensor> actual, string what)
    {
        foreach (var (name, value) in OnnxCheck.Expected(model, inputs))
            OnnxTolerance.AssertClose(value, actual[name], $"{model.GetType().Name} of {what}: {name}");
    }
}
