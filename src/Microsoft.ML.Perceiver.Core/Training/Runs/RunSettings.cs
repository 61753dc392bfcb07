using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The settings of a run, <c>config.json</c> of its folder: a training with others must not continue it.</summary>
internal static class RunSettings
{
    /// <summary>In an exception's data: whether the settings are the same, and the data or the labels are others.</summary>
    internal const string IsOtherData = nameof(IsOtherData);

    /// <summary>The settings of a training.</summary>
    internal static JsonObject Of(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        var settings = new JsonObject
        {
            ["Training"] = JsonSerializer.SerializeToNode(options, RunJson.Indented),
            ["Objective"] = objective.GetType().Name,
            // Before the fingerprints, as the message of a difference says more.
            ["Rows"] = objective.RowCount,
            ["ObjectiveSettings"] = JsonSerializer.SerializeToNode(objective.Settings),
            ["RowLengths"] = LengthsOf(objective),
            ["StartingWeights"] = WeightsOf(objective.Model),
            ["Parameters"] = new JsonObject(objective.Model.named_parameters().Select(
                p => KeyValuePair.Create<string, JsonNode?>(p.name, $"[{string.Join(", ", p.parameter.shape)}]"))),
        };
        if (objective.Model is PerceiverPreTrainedModel model)
            settings["Model"] = JsonNode.Parse(model.SavedConfig().ToJson());
        return settings;
    }

    /// <summary>Throws where two settings differ; the message names the first difference.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    internal static void Compare(JsonNode? saved, JsonNode? now, string folder, string path = "")
    {
        if (saved is JsonObject before && now is JsonObject after)
        {
            foreach (string key in before.Select(p => p.Key).Union(after.Select(p => p.Key)))
                Compare(before[key], after[key], folder, path.Length == 0 ? key : $"{path}.{key}");
            return;
        }

        if (!JsonNode.DeepEquals(saved, now))
        {
            string difference = $"{path} was {Text(saved)} and is {Text(now)}";
            string message =
                $"The run folder '{folder}' holds another training: {difference}. Use another folder, or the settings of before.";
            throw new InvalidOperationException(message) { Data = { [IsOtherData] = !IsOfTraining(path) } };
        }
    }

    private static bool IsOfTraining(string path) => path.Split('.')[0] is "Training" or "Objective";

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";

    // All that is known of the data where an objective's settings have no fingerprint.
    private static string LengthsOf(IPerceiverObjective objective)
    {
        using var fingerprint = new PerceiverFingerprint();
        foreach (int row in PerceiverFingerprint.Sample(objective.RowCount))
            fingerprint.Add(objective.LengthOf(row));
        return fingerprint.Finish();
    }

    // Sums that differ for other weights, in few digits because processors round differently.
    private static string WeightsOf(nn.Module model)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        double squares = 0;
        double balance = 0;
        foreach (var value in model.state_dict().Values.Where(v => v.is_floating_point()))
        {
            var flat = value.to(ScalarType.Float64, CPU).reshape(-1);
            squares += flat.square().sum().item<double>();
            balance += flat[TensorIndex.Slice(step: 2)].sum().item<double>() * 2 - flat.sum().item<double>();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Sqrt(squares):g4} {balance:g3}");
    }
}
