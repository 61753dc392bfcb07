using System.Globalization;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>A training inside <c>Fit</c>: ML.NET's channels are told of it, and ML.NET may cancel it.</summary>
internal static class StageTraining
{
    /// <summary>Trains.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled before the first evaluation: there is no model to keep.</exception>
    internal static PerceiverTrainingResult Execute(IHost host, IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        using var channel = host.Start("Training");
        using var progress = host.StartProgressChannel("Perceiver training");
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        PerceiverTrainingProgress? last = null, judged = null;
        string[] names = ["TrainingLoss", .. objective.Metrics.Select(m => m.Name)];
        double?[] Values() => [last?.TrainingLoss, .. objective.Metrics.Select(m => judged?.ValidationMetrics?[m.Name])];
        progress.SetHeader(new ProgressHeader(names, ["epochs", "steps"]), entry =>
        {
            if (last is not { } now)
                return;
            entry.SetProgress(0, now.Epoch, now.Epochs);
            entry.SetProgress(1, now.Step, now.Steps);
            foreach (var (value, index) in Values().Select((v, i) => (v, i)).Where(m => m.v is not null))
                entry.SetMetric(index, value!.Value);
        });
        var result = PerceiverTrainer.Run(objective, options with
        {
            CancellationToken = cancellation.Token,
            Logger = new ChannelLogger(channel, options.Logger),
            Progress = now =>
            {
                last = now;
                if (MlNetInternals.IsCancelled(host))
                    cancellation.Cancel();
                if (now.ValidationMetrics is { } metrics)
                {
                    judged = now;
                    progress.Checkpoint([.. Values(), now.Epoch, now.Step]);
                    channel.Info(Describe(now, metrics));
                }

                options.Progress?.Invoke(now);
            },
        });
        channel.Info(
            $"Training ended after {result.Epochs.Count} epochs ({result.StopReason}); "
            + $"the weights are those of step {result.BestStep}, in epoch {result.BestEpoch}.");
        if (result.BestEpoch == 0)
        {
            throw new OperationCanceledException(
                $"The training ended ({result.StopReason}) before its first evaluation; there is no model to keep.");
        }

        return result;
    }

    private static string Describe(PerceiverTrainingProgress now, IReadOnlyDictionary<string, double> values)
    {
        string metrics = string.Join(", ", values.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key} {m.Value:f4}")));
        string validation = metrics.Length > 0 ? $", validation {metrics}" : "";
        string best = now.IsBest ? ", the best so far" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Epoch {now.Epoch} of {now.Epochs}, step {now.Step}: training loss {now.TrainingLoss:f4}{validation}{best}.");
    }
}
