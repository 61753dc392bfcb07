using System.Text.Json;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Parity;

/// <summary>Runs the cases of kind "model".</summary>
internal static class ModelCaseRunner
{
    internal static void Run(GoldenCase golden)
    {
        foreach (var run in golden.Runs)
        {
            if (run.TryGetProperty("of", out var chunks))
                ReconstructionCheck.Run(golden, run, chunks);
            else
                RunOne(golden, run);
        }
    }

    private static void RunOne(GoldenCase golden, JsonElement json)
    {
        using var io = SafeTensorsFile.Open(golden.IoPath);
        string? problem = json.TryGetProperty("problem_type", out var p) ? p.GetString() : null;
        // A model of its own for each run: a call may fix the problem type, and gradients must not add up.
        using var model = PartFactory.Model(golden, golden.Config with { ProblemType = problem });
        using (var weights = SafeTensorsFile.Open(golden.WeightsPath))
            CheckpointLoader.Load(model, weights, newHead: false, seed: 0, standardDeviation: 1);
        ParityDevice.Place(model);
        var run = new RunTensors(io, golden, json);
        // Gradients through numbers of few digits are compared by nobody; training keeps float32 weights behind them.
        bool gradients = json.TryGetProperty("grad_l2", out var norms) && !ParityDevice.IsReduced;
        using var inference = gradients ? null : no_grad();
        var results = Call(model, run);
        run.RequireAllUsed();
        AssertClose(run, json, results, "");
        if (!gradients && ParityDevice.IsPlain)
        {
            // What stages predict with on some processors holds to the same tolerance on all.
            foreach (var layer in model.modules().OfType<PerceiverLayer>())
                layer.Prepare(PackedWeights.Instance);
            using var scope = NewDisposeScope();
            AssertClose(run, json, Call(model, run), " by prepared weights");
        }

        if (json.TryGetProperty("problem_type_set_by_forward", out var set) && set.ValueKind == JsonValueKind.String)
            Assert.AreEqual(set.GetString(), model.Config.ProblemType);
        if (gradients)
        {
            results["loss"].backward();
            GradientCheck.Run(model, run, json, norms);
        }

        golden.CheckWidths(model);
    }

    private static void AssertClose(RunTensors run, JsonElement json, Dictionary<string, Tensor> results, string how)
    {
        foreach (string name in run.OutputNames.Where(n => !n.StartsWith("grad.", StringComparison.Ordinal)))
        {
            Assert.IsTrue(results.TryGetValue(name, out var actual), $"{run.Name}: there is no result '{name}'");
            Tolerance.AssertClose(run.Expected(name), actual, Tolerance.RoundingOf(json, name), $"{run.Name}: {name}{how}");
        }
    }

    private static Dictionary<string, Tensor> Call(PerceiverPreTrainedModel model, RunTensors run)
    {
        bool? attentions = run.Arguments.Bool("output_attentions"), states = run.Arguments.Bool("output_hidden_states");
        PerceiverInputs inputs = run.Modal("inputs") ?? run.Input("input_ids") ?? run.Input("pixel_values")!;
        Tensor? mask = run.Input("attention_mask"), headMask = run.Input("head_mask");
        var results = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        PerceiverOutput output;
        switch (model)
        {
            case PerceiverModel bare:
                var bareOutput = bare.forward(inputs, mask, headMask, attentions, states, run.Modal("subsampled_output_points"));
                results["last_hidden_state"] = bareOutput.LastHiddenState;
                Add(results, "logits", bareOutput.Logits);
                AddPreprocessed(results, bare, inputs);
                output = bareOutput;
                break;
            case PerceiverForMaskedLM language:
                var languageOutput = language.forward(inputs.Tensor, mask, headMask, attentions, states, run.Input("labels"));
                results["logits"] = languageOutput.Logits;
                Add(results, "loss", languageOutput.Loss);
                output = languageOutput;
                break;
            case PerceiverForSequenceClassification classifier:
                var classified = classifier.forward(inputs.Tensor, mask, headMask, attentions, states, run.Input("labels"));
                results["logits"] = classified.Logits;
                Add(results, "loss", classified.Loss);
                output = classified;
                break;
            case PerceiverForImageClassification classifier:
                var seen = classifier.forward(inputs.Tensor, mask, headMask, attentions, states, run.Input("labels"));
                results["logits"] = seen.Logits;
                Add(results, "loss", seen.Loss);
                AddPreprocessed(results, classifier.Perceiver, inputs);
                output = seen;
                break;
            case PerceiverForOpticalFlow flow:
                var moved = flow.forward(inputs.Tensor, mask, headMask, attentions, states, run.Input("labels"));
                results["logits"] = moved.Logits;
                Add(results, "loss", moved.Loss);
                AddPreprocessed(results, flow.Perceiver, inputs);
                output = moved;
                break;
            case PerceiverForMultimodalAutoencoding autoencoder:
                var answered = autoencoder.forward(inputs, mask, headMask, attentions, states, run.Modal("subsampled_output_points"));
                (
                    results["logits.image"],
                    results["logits.audio"],
                    results["logits.label"]) = (answered.Image, answered.Audio, answered.Label);
                AddPreprocessed(results, autoencoder.Perceiver, inputs);
                output = answered;
                break;
            default:
                throw new UnknownPartException(model.GetType().Name);
        }

        AddAll(results, "hidden_states", output.HiddenStates);
        AddAll(results, "attentions", output.Attentions);
        AddAll(results, "cross_attentions", output.CrossAttentions);
        return results;
    }

    private static void AddPreprocessed(Dictionary<string, Tensor> results, PerceiverModel model, PerceiverInputs inputs)
    {
        var preprocessed = model.Preprocess(inputs);
        results["preprocessed"] = preprocessed.Inputs;
        Add(results, "inputs_without_pos", preprocessed.WithoutPositions);
        foreach (var (modality, bare) in preprocessed.ModalitiesWithoutPositions ?? new Dictionary<string, Tensor>())
            results[$"inputs_without_pos.{modality}"] = bare;
    }

    private static void Add(Dictionary<string, Tensor> results, string name, Tensor? value)
    {
        if (value is not null)
            results[name] = value;
    }

    private static void AddAll(Dictionary<string, Tensor> results, string name, IReadOnlyList<Tensor>? values)
    {
        for (int i = 0; i < (values?.Count ?? 0); i++)
            results[$"{name}.{i}"] = values![i];
    }
}
