using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Perceiver;
using TextClassification;

namespace AutoML;

/// <summary>Trains one model after another, ends those that are hopeless, and keeps the best.</summary>
/// <param name="mlContext">The common context for all ML.NET operations.</param>
/// <param name="trainSet">The training rows; each training sets the same share of them aside to be judged by.</param>
/// <param name="space">What is tried.</param>
/// <param name="limits">How far it goes.</param>
/// <param name="changed">Called whenever there is something new to show.</param>
internal sealed class Search(
    MLContext mlContext,
    IDataView trainSet,
    RandomSearch<PerceiverTextSearchOptions> space,
    SearchLimits limits,
    Action<Trial> changed)
{
    private readonly PerceiverMedianPruner _pruner = new(higherIsBetter: true);
    private readonly Stopwatch _clock = new();

    /// <summary>All trials.</summary>
    public List<Trial> Trials { get; } = [];

    /// <summary>Searches.</summary>
    /// <param name="cancellation">Ends the search; the best so far is returned.</param>
    /// <returns>The best model, to be disposed.</returns>
    /// <exception cref="InvalidOperationException">No trial ended with a model.</exception>
    public BestModel Run(CancellationToken cancellation)
    {
        _clock.Start();
        var best = new BestModel();
        while (Trials.Count < limits.Trials && _clock.Elapsed < limits.Duration && !cancellation.IsCancellationRequested)
        {
            var options = space.Propose();
            options.LabelColumnName = "LabelKey";
            options.MonitorMetric = "LogLoss";
            var trial = new Trial(Trials.Count + 1, options);
            Trials.Add(trial);
            changed(trial);
            if (Train(trial, cancellation) is { } model)
                best.Offer(trial, model);
            changed(trial);
        }

        if (best.Model is not null)
            return best;
        string? error = Trials.LastOrDefault(t => t.Error is not null)?.Error;
        throw new InvalidOperationException(
            error is null
                ? "The search ended before its first trial had a model."
                : $"No trial ended with a model. The last one: {error}");
    }

    private ITransformer? Train(Trial trial, CancellationToken cancellation)
    {
        try
        {
            var trainer = trial.Options.ToTrainerOptions();
            var training = trainer.Training! with
            {
                // The first trial may begin when no time is left of a very short search; it takes one step then.
                MaxDuration = TimeSpan.FromTicks(Math.Max(1, (limits.Duration - _clock.Elapsed).Ticks)),
                CancellationToken = cancellation,
                Progress = now => Look(trial, now),
            };
            var model = MyModel.RetrainModel(mlContext, trainer.Checkpoint!, training, trainSet);
            if (trial.State == TrialState.Running)
                trial.State = trial.Epochs == trial.Options.Epochs ? TrialState.Done : TrialState.Cut;
            return model;
        }
        // Diverged, or cancelled before its first evaluation: others may do better.
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            trial.State = TrialState.Failed;
            trial.Error = e.Message;
            return null;
        }
    }

    private void Look(Trial trial, PerceiverTrainingProgress now)
    {
        trial.Record(now);
        if (now.IsEpochEnd && _pruner.Report(trial.Number, now.Epoch, now.ValidationMetrics!["Accuracy"]) && now.Epoch < now.Epochs)
        {
            trial.State = TrialState.Pruned;
            now.Stop();
        }

        changed(trial);
    }
}
