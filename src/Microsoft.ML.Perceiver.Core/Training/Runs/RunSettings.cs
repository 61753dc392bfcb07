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

    /// <summary>The setting that says how many processes train; one alone has it not.</summary>
    internal const string Ranks = nameof(Ranks);

    /// <summary>The setting that tells models of other weights apart.</summary>
    internal const string StartingWeights = nameof(StartingWeights);

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
            [StartingWeights] = WeightsOf(objective.Model),
            ["Parameters"] = new JsonObject(objective.Model.named_parameters().Select(
                p => KeyValuePair.Create<string, JsonNode?>(p.name, $"[{string.Join(", ", p.parameter.shape)}]"))),
        };
        if (objective.Model is PerceiverPreTrainedModel model)
            settings["Model"] = JsonNode.Parse(model.SavedConfig().ToJson());
        if (options.Communicator is { Size: > 1 } communicator)
            settings[Ranks] = communicator.Size;
        return settings;
    }

    /// <summary>Throws where two settings differ; the message names the first difference.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    internal static void Compare(JsonNode? saved, JsonNode? now, string folder)
    {
        if (SettingsDifference.Between(saved, now) is not { } difference)
            return;
        string message = $"The run folder '{folder}' holds another training: {difference.Path} was {difference.First} and is "
            + $"{difference.Second}. Use another folder, or the settings of before.";
        throw new InvalidOperationException(message) { Data = { [IsOtherData] = !IsOfTraining(difference.Path) } };
    }

    private static bool IsOfTraining(string path) => path.Split('.')[0] is "Training" or "Objective" or Ranks;

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
            squares += flat.Squared().sum().item<double>();
            balance += flat[TensorIndex.Slice(step: 2)].sum().item<double>() * 2 - flat.sum().item<double>();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Sqrt(squares):g4} {balance:g3}");
    }
}
