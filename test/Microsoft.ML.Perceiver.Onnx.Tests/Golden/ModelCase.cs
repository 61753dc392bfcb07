using Microsoft.ML.Perceiver.Tests.Parity;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Golden;

/// <summary>Runs a golden case of kind "model" through ONNX Runtime.</summary>
internal static class ModelCase
{
    /// <summary>Exports the case's model for each of its runs and compares the results.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="options">The form of the graphs.</param>
    internal static void Run(GoldenCase golden, PerceiverOnnxOptions options)
    {
        using var io = SafeTensorsFile.Open(golden.IoPath);
        using var model = PartFactory.Model(golden, golden.Config);
        using (var weights = SafeTensorsFile.Open(golden.WeightsPath))
            CheckpointLoader.Load(model, weights, newHead: false, seed: 0, standardDeviation: 1);
        int compared = 0;
        foreach (var json in golden.Runs)
        {
            // Chunks that are joined are compared as the chunks that they are.
            if (json.TryGetProperty("of", out _))
                continue;
            var run = new RunTensors(io, golden, json);
            // A graph has no input that drops heads.
            if (run.Input("head_mask") is null)
                compared += RunOne(model, run, options);
        }

        Assert.IsGreaterThan(0, compared, "nothing was compared");
    }

    private static int RunOne(PerceiverPreTrainedModel model, RunTensors run, PerceiverOnnxOptions options)
    {
        using var folder = new TemporaryFolder();
        // Preprocessors are given shapes that no configuration has.
        if (model is PerceiverModel { InputPreprocessor: not null and not PerceiverTextPreprocessor } parts)
            return ModuleCase.RunGraph(parts, run, new OnnxForm(options.Opset) { FusedAttention = options.FusedAttention == true });
        var mask = run.Input("attention_mask");
        var files = PerceiverOnnx.Export(model, folder["model.onnx"], options with
        {
            AttentionMask = mask is not null,
            MaskElement = mask?.dtype == ScalarType.Float32 ? OnnxElement.Float : OnnxElement.Int64,
            MaskRank = mask is null ? 2 : (int)mask.dim(),
            ImageSize = ImageSizeOf(model, run),
        });
        var inputs = InputsOf(run);
        var results = new Dictionary<string, Tensor>();
        foreach (string file in files)
        {
            using var session = new OnnxSession(file);
            foreach (var (name, value) in session.Run(inputs))
                inputs[name] = results[name] = value;
        }

        // A decoder of any points gives a row of them.
        if (model is PerceiverForOpticalFlow flow)
            results["logits"] = results["logits"].view(-1, flow.Config.TrainSize[0], flow.Config.TrainSize[1], 2);
        return Compare(run, results);
    }

    private static int Compare(RunTensors run, Dictionary<string, Tensor> results)
    {
        int compared = 0;
        foreach (string name in run.OutputNames)
        {
            string own = name.StartsWith("logits.", StringComparison.Ordinal) ? name["logits.".Length..] : name;
            if (!results.TryGetValue(own, out var actual))
                continue;
            OnnxTolerance.AssertClose(run.Expected(name), actual, $"{run.Name}: {name}");
            compared++;
        }

        return compared;
    }

    private static Dictionary<string, Tensor> InputsOf(RunTensors run)
    {
        var inputs = new Dictionary<string, Tensor>();
        var first = run.Modal("inputs") ?? run.Input("input_ids") ?? run.Input("pixel_values")!;
        if (run.Modal("subsampled_output_points") is { } points)
        {
            foreach (var (name, value) in first.Modalities)
                inputs[name] = value;
            foreach (var (name, value) in points.Modalities)
                inputs[$"{name}_points"] = value;
            return inputs;
        }

        foreach (string name in new[] { "inputs", "input_ids", "pixel_values" })
            inputs[name] = first.Tensor;
        if (run.Input("attention_mask") is { } mask)
            inputs["attention_mask"] = mask;
        // All pixels of a flow.
        if (first.Tensor.dim() == 5)
            inputs["points"] = arange(first.Tensor.shape[3] * first.Tensor.shape[4], ScalarType.Int64);
        return inputs;
    }

    private static PerceiverImageSize? ImageSizeOf(PerceiverPreTrainedModel model, RunTensors run)
    {
        if (model is not PerceiverForImageClassification)
            return null;
        var pixels = run.Input("inputs") ?? run.Input("pixel_values")!;
        return new PerceiverImageSize((int)pixels.shape[^2], (int)pixels.shape[^1]);
    }
}
