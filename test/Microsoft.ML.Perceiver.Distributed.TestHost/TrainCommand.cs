using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Distributed.TestHost;

/// <summary>
/// Trains a tiny model, says each step on rank 0, and writes each rank's weights to a file. What one rank does otherwise than the others is
/// among the settings, with its rank as in <c>rank1.batch=3</c>.
/// </summary>
internal static class TrainCommand
{
    public static int Run(PerceiverMpiCommunicator communicator, IReadOnlyDictionary<string, string> settings)
    {
        string? Setting(string name) =>
            settings.GetValueOrDefault($"rank{communicator.Rank}.{name}") ?? settings.GetValueOrDefault(name);
        int Number(string name, int otherwise) => int.Parse(Setting(name) ?? $"{otherwise}");

        using var cancellation = new CancellationTokenSource();
        int pause = Number("pause", 0);
        var options = new PerceiverTrainingOptions
        {
            Communicator = communicator,
            Epochs = Number("epochs", 2),
            BatchSize = Number("batch", 8),
            GradientAccumulationSteps = Number("accumulated", 1),
            LearningRate = 1e-3,
            Optimizer = Enum.Parse<PerceiverOptimizer>(Setting("optimizer") ?? "AdamW"),
            Precision = Enum.Parse<PerceiverPrecision>(Setting("precision") ?? "Float32"),
            WeightAverageDecay = Number("average", 0) / 100.0,
            ClassWeights = Setting("classes") is null ? null : [1, 2.5],
            RunFolder = Setting("folder"),
            CheckpointEverySteps = Setting("folder") is null ? null : 3,
            EvaluateEverySteps = Setting("evaluate") is { } every ? int.Parse(every) : null,
            EarlyStoppingPatience = Setting("patience") is { } patience ? int.Parse(patience) : null,
            FrozenParts = Setting("frozen") is { } part ? [part] : [],
            FrozenEpochs = Setting("frozen") is null ? null : 1,
            CancellationToken = cancellation.Token,
            Progress = p =>
            {
                if (p.ValidationMetrics is null)
                    Console.WriteLine($"step {p.Step} loss {p.StepLoss:r}");
                Thread.Sleep(pause);
            },
        };
        var config = Rows.Config with { NumLatents = Number("latents", 6), AttentionDropout = Number("dropout", 0) / 100.0 };
        int? changed = Setting("changed") is { } row ? int.Parse(row) : null;
        var objective = Rows.Objective(Setting("kind") ?? "language", options, config, Number("rows", 75), changed);
        if (Setting("nudged") is not null)
        {
            using var gradients = no_grad();
            objective.Model.parameters().Last().add_(1e-6);
        }

        Console.WriteLine($"{communicator.Rank}: process {Environment.ProcessId}");
        var watched = new WatchedObjective(objective, Number("fail", 0), Number("cancel", 0), cancellation);
        var result = PerceiverTrainer.Run(watched, options);
        Console.WriteLine(
            $"{communicator.Rank}: {result.StopReason}, best {result.BestStep}, {result.Evaluations.Count} evaluations, "
            + $"{watched.Evaluations} of them its own, rows {watched.RowsRead}, most lengths apart {watched.MostApart}");
        if (Setting("out") is { } file)
            SafeTensorsWriter.WriteFile($"{file}.{communicator.Rank}", objective.Model.state_dict());
        return 0;
    }
}
