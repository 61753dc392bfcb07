using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Checks before the first step that all ranks train the same model with the same options and data: their batches and weights would
/// otherwise differ, and the sum of their gradients would be that of no batch.
/// </summary>
internal static class RankAgreement
{
    private const string Failure = nameof(Failure);
    private const string Parameters = nameof(Parameters);

    /// <summary>Prepares a training on each rank and compares what they train.</summary>
    /// <param name="ranks">The ranks; one alone prepares and has nothing to compare.</param>
    /// <param name="objective">The objective.</param>
    /// <param name="options">The settings.</param>
    /// <param name="prepare">What comes before; where it throws on one rank, all throw.</param>
    /// <exception cref="InvalidOperationException">Ranks differ; the message names the rank and the setting.</exception>
    internal static void Check(TrainingRanks ranks, IPerceiverObjective objective, PerceiverTrainingOptions options, Action prepare)
    {
        if (ranks.Communicator is null)
        {
            prepare();
            return;
        }

        JsonObject own;
        Exception? failure = null;
        try
        {
            prepare();
            own = SettingsOf(objective, options);
        }
        catch (Exception e)
        {
            failure = e;
            own = new JsonObject { [Failure] = e.Message };
        }

        var all = ranks.Gather(Encoding.UTF8.GetBytes(own.ToJsonString(RunJson.Line))).Select(bytes => JsonNode.Parse(bytes)!).ToArray();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(TrainingRanks.OfAll(failure));

        for (int rank = 0; rank < all.Length; rank++)
        {
            if (all[rank][Failure] is { } message)
                throw TrainingRanks.OfAll(new InvalidOperationException($"Rank {rank}: {message.GetValue<string>()}"));
        }

        for (int rank = 1; rank < all.Length; rank++)
        {
            if (SettingsDifference.Between(all[0], all[rank]) is not { } difference)
                continue;
            throw TrainingRanks.OfAll(new InvalidOperationException(
                $"Rank {rank} trains otherwise than rank 0: {difference.Path} is {difference.First} on rank 0 and {difference.Second} "
                + $"on rank {rank}. All ranks need the same options, model, weights and data."));
        }
    }

    private static JsonObject SettingsOf(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        var settings = RunSettings.Of(objective, options);
        // Exact ones in place of those that tell the runs of a folder apart, and after the model's, as the message of those says more.
        settings.Remove(RunSettings.StartingWeights);
        settings.Remove(Parameters, out var parameters);
        settings[Parameters] = parameters;
        settings[nameof(PerceiverTrainingOptions.CheckpointEverySteps)] = options.CheckpointEverySteps;
        settings["LengthsOfAllRows"] = LengthsOf(objective);
        settings["Weights"] = WeightsOf(objective.Model);
        return settings;
    }

    // Batches are made of rows of like length.
    private static string LengthsOf(IPerceiverObjective objective)
    {
        using var fingerprint = new PerceiverFingerprint();
        for (int row = 0; row < objective.RowCount; row++)
            fingerprint.Add(objective.LengthOf(row));
        return fingerprint.Finish();
    }

    private static JsonObject WeightsOf(nn.Module model)
    {
        using var gradients = no_grad();
        var hashes = new JsonObject();
        foreach (var (name, value) in model.state_dict())
        {
            using var scope = NewDisposeScope();
            hashes[name] = Convert.ToHexString(SHA256.HashData(value.detach().cpu().contiguous().bytes));
        }

        return hashes;
    }
}
