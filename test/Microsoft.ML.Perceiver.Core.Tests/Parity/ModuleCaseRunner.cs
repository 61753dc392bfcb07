using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Runs the cases of kind "module": one decoder or postprocessor called on its own.</summary>
internal static class ModuleCaseRunner
{
    internal static void Run(GoldenCase golden)
    {
        using var module = PartFactory.Module(golden.Config, golden.Json.GetProperty("spec"));
        module.eval();
        using (var weights = SafeTensorsFile.Open(golden.WeightsPath))
            CheckpointLoader.Load(module, weights, newHead: false, seed: 0, standardDeviation: 1);
        using var inference = no_grad();
        using var io = SafeTensorsFile.Open(Path.Combine(golden.Folder, "io.safetensors"));
        foreach (var json in golden.Runs)
        {
            var run = new RunTensors(io, golden, json);
            var results = module switch
            {
                PerceiverDecoder decoder => Decode(decoder, run),
                PerceiverPostprocessor postprocessor => new() { ["output"] = postprocessor.forward(run.Input("inputs")!) },
                _ => throw new UnknownPartException(golden.Class),
            };
            foreach (string name in run.OutputNames)
            {
                Assert.IsTrue(results.TryGetValue(name, out var actual), $"{run.Name}: there is no result '{name}'");
                var expected = run.Expected(name);
                if (name == "query")
                    actual = actual.expand(expected.shape);
                Tolerance.AssertClose(expected, actual, Tolerance.RoundingOf(json, name), $"{run.Name}: {name}");
            }
        }

        if (golden.Json.TryGetProperty("num_query_channels", out var channels))
            Assert.AreEqual(channels.GetInt32(), ((PerceiverDecoder)module).NumQueryChannels);
    }

    private static Dictionary<string, Tensor> Decode(PerceiverDecoder decoder, RunTensors run)
    {
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var latents = run.Input("z")!;
        Tensor? query = null;
        if (run.Input("inputs") is { } inputs)
        {
            PerceiverInputs? points = null;
            if (run.Input("subsampled_points") is { } one)
                points = one;
            else if (run.Inputs("subsampled_points") is { } many)
                points = new PerceiverInputs(many);
            query = decoder.Query(new PreprocessedInputs(inputs, run.Input("inputs_without_pos")), points);
            if (query is not null)
                results["query"] = query;
        }

        var answer = decoder.forward(query, latents, run.Flag("output_attentions"));
        results["logits"] = answer.Logits;
        if (answer.CrossAttention is not null)
            results["cross_attentions.0"] = answer.CrossAttention;
        return results;
    }
}
