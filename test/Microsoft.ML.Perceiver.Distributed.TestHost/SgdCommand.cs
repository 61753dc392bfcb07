using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Distributed.TestHost;

/// <summary>
/// Steps along the gradient alone, which no optimizer of a training does: the weights then differ by no more than the gradients do.
/// </summary>
internal static class SgdCommand
{
    private const int Steps = 20;

    public static int Run(PerceiverMpiCommunicator communicator, IReadOnlyDictionary<string, string> settings)
    {
        var options = new PerceiverTrainingOptions { BatchSize = 8, Communicator = communicator };
        var objective = Rows.Objective(settings["kind"], options, Rows.Config, 75);
        var ranks = new TrainingRanks(communicator);
        using var weights = new TrainedWeights(objective.Model, options);
        using var exchange = ranks.Communicator is null ? null : new GradientExchange(communicator, weights.Parameters);
        using var random = new PerceiverRandom(ranks.SeedOf(1));
        objective.Model.train();
        foreach (int[] batch in Batches(objective).Take(Steps))
        {
            using var scope = NewDisposeScope();
            var loss = ranks.LossOf(objective, batch, random);
            (loss.Own! * loss.Share).backward();
            exchange?.Sum();
            using var gradients = no_grad();
            foreach (var parameter in weights.Parameters)
            {
                if (parameter.Gradient is { } gradient)
                    parameter.Master.add_(gradient, alpha: -0.1);
                parameter.ClearGradient();
            }
        }

        SafeTensorsWriter.WriteFile($"{settings["out"]}.{communicator.Rank}", objective.Model.state_dict());
        return 0;
    }

    private static IEnumerable<int[]> Batches(IPerceiverObjective objective)
    {
        for (ulong epoch = 0; ; epoch++)
        {
            foreach (int[] batch in LengthBuckets.Shuffle(objective.RowCount, 8, objective.LengthOf, epoch))
                yield return batch;
        }
    }
}
