using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Runs the cases of kind "module": one preprocessor, decoder or postprocessor called on its own.</summary>
internal static class ModuleCaseRunner
{
    internal static void Run(GoldenCase golden)
    {
        using var module = PartFactory.Module(golden.Config, golden.Spec);
        module.eval();
        using (var weights = SafeTensorsFile.Open(golden.WeightsPath))
            CheckpointLoader.Load(module, weights, newHead: false, seed: 0, standardDeviation: 1);
        ParityDevice.Place(module);
        using var inference = no_grad();
        using var io = SafeTensorsFile.Open(golden.IoPath);
        foreach (var json in golden.Runs)
        {
            var run = new RunTensors(io, golden, json);
            var results = module switch
            {
                PerceiverPreprocessor preprocessor => Preprocess(preprocessor, run),
                PerceiverDecoder decoder => Decode(decoder, run),
                PerceiverMultimodalPostprocessor postprocessor => Cut(postprocessor, run),
                PerceiverPostprocessor postprocessor => Postprocess(postprocessor, run),
                _ => throw new UnknownPartException(golden.Class),
            };
            run.RequireAllUsed();
            foreach (string name in run.OutputNames)
            {
                Assert.IsTrue(results.TryGetValue(name, out var actual), $"{run.Name}: there is no result '{name}'");
                var expected = run.Expected(name);
                if (name == "query")
                    actual = actual.expand(expected.shape);
                Tolerance.AssertClose(expected, actual, Tolerance.RoundingOf(json, name), $"{run.Name}: {name}");
            }
        }

        golden.CheckWidths(module);
    }

    private static Dictionary<string, Tensor> Preprocess(PerceiverPreprocessor preprocessor, RunTensors run)
    {
        var preprocessed = preprocessor.forward(run.Modal("inputs")!.Value);
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal)
        {
            ["preprocessed"] = preprocessed.Inputs,
            ["output"] = preprocessed.Inputs,
        };
        if (preprocessed.WithoutPositions is { } withoutPositions)
            results["inputs_without_pos"] = withoutPositions;
        return results;
    }

    private static Dictionary<string, Tensor> Decode(PerceiverDecoder decoder, RunTensors run)
    {
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var latents = run.Input("z")!;
        var query = run.Input("query");
        if (run.Input("inputs") is { } inputs)
        {
            var preprocessed = new PerceiverPreprocessedInputs(
                inputs, run.Input("inputs_without_pos"), run.Arguments.IntsByName("modality_sizes"));
            query = decoder.Query(preprocessed, run.Modal("subsampled_points"));
            if (query is not null)
                results["query"] = query;
        }

        // The reference's cross-attention looks at the mask of what is asked alone.
        run.Input("query_mask");
        var answer = decoder.forward(query, latents, run.Arguments.Bool("output_attentions") ?? false);
        results["logits"] = answer.Logits;
        if (answer.CrossAttention is not null)
            results["cross_attentions.0"] = answer.CrossAttention;
        return results;
    }

    private static Dictionary<string, Tensor> Postprocess(PerceiverPostprocessor postprocessor, RunTensors run)
    {
        // Those of one modality take these for the sake of a common signature.
        run.Arguments.Ignore("modality_sizes");
        run.Input("pos");
        return new(StringComparer.Ordinal) { ["output"] = postprocessor.forward(run.Input("inputs")!) };
    }

    private static Dictionary<string, Tensor> Cut(PerceiverMultimodalPostprocessor postprocessor, RunTensors run)
    {
        var decoded = run.Modal("inputs")!.Value;
        var results = run.Arguments.IntsByName("modality_sizes") is { } sizes
            ? postprocessor.forward(decoded.Tensor, sizes)
            : postprocessor.forward(decoded.Modalities);
        return results.ToDictionary(r => $"output.{r.Key}", r => r.Value, StringComparer.Ordinal);
    }
}
