using Microsoft.ML.Perceiver.Onnx.Tests;
using Microsoft.ML.Perceiver.Onnx.Tests.Golden;
using Microsoft.ML.Perceiver.Tests.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests;

/// <summary>What every stage's model must do as ONNX: be written, be accepted by ONNX Runtime, and give the model's own numbers.</summary>
internal static class OnnxCheck
{
    private const int Batch = 2;

    internal static void Run(ITransformer transformer)
    {
        using var folder = new TemporaryFolder();
        var stage = PerceiverModelCheckpoint.StageOf(transformer, "the transformer", nameof(transformer));
        stage.WithModel((model, inputs) =>
        {
            Run(model, inputs.ImageProcessor?.Size, transformer, folder["stage.onnx"]);
            // Of such weights nothing is written.
            if (model.WeightType != ScalarType.BFloat16)
                OnnxRawCheck.Run(model, inputs, transformer, stage.InputCount, folder["raw.onnx"]);
            return 0;
        });
    }

    private static void Run(PerceiverPreTrainedModel model, PerceiverImageSize? size, ITransformer transformer, string path)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        if (model.WeightType == ScalarType.BFloat16)
        {
            Assert.ThrowsExactly<NotSupportedException>(() => transformer.SaveAsOnnx(path));
            return;
        }

        // What is written are the model's own weights, not the stage's 8-bit integers.
        model.UseOwnWeights();
        var values = InputsOf(model, size);
        var expected = Expected(model, values);
        foreach (string file in transformer.SaveAsOnnx(path))
        {
            using var session = new OnnxSession(file);
            foreach (var (name, value) in session.Run(values))
                values[name] = value;
        }

        foreach (var (name, value) in expected)
            OnnxTolerance.AssertClose(value, values[name], $"{model.GetType().Name}: {name}");
    }

    private static Dictionary<string, Tensor> InputsOf(PerceiverPreTrainedModel model, PerceiverImageSize? size)
    {
        var config = model.Config;
        switch (model)
        {
            case PerceiverForOpticalFlow:
                const int channels = PerceiverForOpticalFlow.PatchChannels;
                int height = config.TrainSize[0], width = config.TrainSize[1];
                var frames = TinyModels.Normal(1, Batch, PerceiverForOpticalFlow.Frames, channels, height, width);
                return new() { ["inputs"] = frames, ["points"] = arange(height * width, ScalarType.Int64) };
            case PerceiverForMultimodalAutoencoding autoencoder:
                var e = autoencoder.Extents;
                return new()
                {
                    ["image"] = TinyModels.Normal(1, Batch, e.Frames, 3, e.Height, e.Width),
                    ["audio"] = TinyModels.Normal(2, Batch, e.Samples, 1),
                    ["image_points"] = tensor(new long[] { 0, e.ImagePoints - 1, 3 }),
                    ["audio_points"] = tensor(new long[] { e.AudioPoints - 1, 0 }),
                };
            case PerceiverForArray:
                var array = config.Array!;
                long[] shape = [Batch, .. array.InputShape, array.InputChannels];
                var inputs = new Dictionary<string, Tensor> { ["inputs"] = TinyModels.Normal(1, shape) };
                if (array.Output == "coordinates")
                    inputs["output_coordinates"] = TinyModels.Normal(2, Batch, 3, array.Resolutions.Count).tanh();
                return inputs;
            case PerceiverForImageClassification or PerceiverForObjectDetection
                or PerceiverModel { InputPreprocessor: PerceiverImagePreprocessor }:
                return new() { ["pixel_values"] = TinyModels.Normal(1, Batch, 3, size!.Value.Height, size.Value.Width) };
            default:
                int tokens = Math.Min(9, config.MaxPositionEmbeddings);
                var mask = ones(Batch, tokens, ScalarType.Int64);
                mask[1, tokens - 1] = 0;
                var words = arange(tokens, ScalarType.Int64).div(2, RoundingMode.floor).expand(Batch, -1);
                return new() { ["input_ids"] = TinyModels.Ids(Batch, tokens), ["attention_mask"] = mask, ["words"] = words.contiguous() };
        }
    }

    /// <summary>What a model itself gives for the inputs of its file.</summary>
    internal static Dictionary<string, Tensor> Expected(PerceiverPreTrainedModel model, Dictionary<string, Tensor> inputs)
    {
        Tensor Ids() => inputs["input_ids"];
        Tensor Mask() => inputs["attention_mask"];
        switch (model)
        {
            case PerceiverForMaskedLM m:
                return new() { ["logits"] = m.forward(Ids(), Mask()).Logits };
            case PerceiverForSequenceClassification m:
                return new() { ["logits"] = m.InLabelUnits(m.forward(Ids(), Mask()).Logits) };
            case PerceiverForTokenClassification m:
                return new() { ["logits"] = m.forward(Ids(), inputs["words"], Mask()).Logits };
            case PerceiverForQuestionAnswering m:
                var answers = m.forward(Ids(), Mask());
                return new() { ["start_logits"] = answers.StartLogits, ["end_logits"] = answers.EndLogits };
            case PerceiverForSentenceEmbedding m:
                return new() { ["sentence_embedding"] = m.forward(Ids(), Mask()).Embeddings };
            case PerceiverForImageClassification m:
                return new() { ["logits"] = m.InLabelUnits(m.forward(inputs["pixel_values"]).Logits) };
            case PerceiverForObjectDetection m:
                var objects = m.forward(inputs["pixel_values"]);
                return new() { ["logits"] = objects.Logits, ["pred_boxes"] = objects.PredictedBoxes };
            case PerceiverForArray m:
                var places = inputs.GetValueOrDefault("output_coordinates");
                return new() { ["logits"] = m.InLabelUnits(m.forward(inputs["inputs"], outputCoordinates: places).Logits) };
            case PerceiverForOpticalFlow m:
                return new() { ["logits"] = m.forward(inputs["inputs"]).Logits.flatten(1, 2) };
            case PerceiverForMultimodalAutoencoding m:
                var parts = new[] { "image", "audio" };
                var points = parts.ToDictionary(p => p, p => inputs[$"{p}_points"]);
                var latents = m.Encode(new PerceiverInputs(parts.ToDictionary(p => p, p => inputs[p])));
                var decoded = m.Decode(latents, new PerceiverInputs(points));
                return new() { ["image"] = decoded.Image, ["audio"] = decoded.Audio, ["label"] = decoded.Label };
            default:
                var features = (PerceiverModel)model;
                bool readsImages = features.InputPreprocessor is PerceiverImagePreprocessor;
                var state = readsImages ? features.Encode(inputs["pixel_values"]) : features.Encode(Ids(), Mask());
                return new() { ["last_hidden_state"] = state };
        }
    }
}
