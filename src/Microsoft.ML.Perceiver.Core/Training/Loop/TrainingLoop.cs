using System.Diagnostics;
using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>The loop of one training, with its weights, optimizer and run folder.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly IPerceiverObjective _objective;
    private readonly PerceiverTrainingOptions _options;
    private readonly PerceiverRandom _random;
    private readonly TrainedWeights _weights;
    private readonly TrainingOptimizer _optimizer;
    private readonly TrainingRanks _ranks;
    private readonly TrainingStep _step;
    private readonly WeightSnapshot _best = new();
    private readonly WeightSnapshot _average = new();
    // Of the first rank; the others only know whether there is one.
    private readonly RunFolder? _folder;
    private readonly bool _hasFolder;
    private readonly IDisposable _recomputation;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TrainingEvaluator _evaluator;
    private readonly long _steps;
    private TrainingState _state = new();
    private TimeSpan _elapsedBefore;
    private bool _stopped;
    private bool _evaluationCancelled;
    private PerceiverTrainingProgress? _last;

    internal TrainingLoop(IPerceiverObjective objective, PerceiverTrainingOptions options, TrainingRanks ranks)
    {
        // The run folder says which seed it was.
        options = options with { Seed = options.SeedOrDefault, Progress = ranks.IsFirst ? options.Progress : null };
        _objective = objective;
        _options = options;
        _ranks = ranks;
        _random = new PerceiverRandom(ranks.SeedOf(options.SeedOrDefault));
        _evaluator = new TrainingEvaluator(objective, options);
        long batches = CeilingOf(objective.RowCount, options.BatchSize);
        _steps = options.Epochs * CeilingOf(batches, options.GradientAccumulationSteps);
        // First, as it may throw, and the model must not be changed then.
        RunFolder? folder = null;
        _hasFolder = ranks.FromFirst(() =>
        {
            folder = options.RunFolder is null ? null : RunFolder.Open(options.RunFolder, objective, options);
            return folder is not null;
        });
        _folder = folder;
        try
        {
            _weights = new TrainedWeights(objective.Model, options);
        }
        catch
        {
            _folder?.Dispose();
            throw;
        }

        _optimizer = new TrainingOptimizer(_weights.Parameters, options);
        _step = new TrainingStep(objective, options, ranks, _random, _weights, _optimizer, _average);
        _recomputation = Recomputation.Enable(objective.Model, options.RecomputeActivations);
    }

    internal PerceiverTrainingResult Execute()
    {
        var result = Run();
        // So that every rank has the best ones, which the first keeps.
        _ranks.Broadcast(_objective.Model.state_dict().Values);
        return result;
    }

    private PerceiverTrainingResult Run()
    {
        try
        {
            if (_ranks.FromFirst(() => _folder?.Resume(Tensors)) is { } resumed)
                GoOnFrom(resumed);
            var reason = _state.Ended ?? Train();
            // Where an evaluation was cancelled, a resumed run does the steps before it again, from the last checkpoint.
            if (_state.Ended is null && !_evaluationCancelled)
                Save(reason is PerceiverTrainingStopReason.Completed or PerceiverTrainingStopReason.EarlyStopped ? reason : null);
            // After the checkpoint, as a resumed run has no such evaluation.
            if (_state.BestStep == 0 && reason is PerceiverTrainingStopReason.Stopped or PerceiverTrainingStopReason.TimeLimit)
                reason = Evaluate(_last!, saved: false) ?? reason;
            return new PerceiverTrainingResult(reason, _state.Evaluations, _state.BestEpoch, _state.BestStep, Elapsed);
        }
        finally
        {
            _weights.Finish(_best);
            _objective.Model.eval();
        }
    }

    private void GoOnFrom(TrainingState resumed)
    {
        _state = resumed;
        _elapsedBefore = resumed.Elapsed;
        _random.Restore(_ranks.IsFirst ? resumed.Random! : resumed.RandomOfOthers![_ranks.Rank - 1]);
        if (_ranks.Communicator is not null)
            ResumedTensors.Share(_ranks, _weights);
    }

    private TimeSpan Elapsed => _elapsedBefore + _clock.Elapsed;

    private TrainingTensors Tensors => new(_weights, _optimizer, _average, _best);

    private bool IsOutOfPatience => _state.EvaluationsSinceBest >= _options.EarlyStoppingPatience;

    private PerceiverTrainingStopReason Train()
    {
        while (_state.Epoch <= _options.Epochs)
        {
            // A training may have been interrupted at the evaluation that would have ended it.
            if (IsOutOfPatience)
                return PerceiverTrainingStopReason.EarlyStopped;
            if (TrainEpoch() is { } ended)
                return ended;
        }

        return PerceiverTrainingStopReason.Completed;
    }

    /// <returns>Why the training ends in this epoch; null where it continues.</returns>
    private PerceiverTrainingStopReason? TrainEpoch()
    {
        ulong key = _state.OrderKey ?? _ranks.FromFirst(_random.NextBits);
        _state = _state with { OrderKey = key };
        _weights.FreezeFor(_state.Epoch);
        var clock = Stopwatch.StartNew();
        long rowsBefore = _state.Rows;
        var batches = LengthBuckets.Shuffle(_objective.RowCount, _options.BatchSize, _objective.LengthOf, key, _state.Batch);
        foreach (int[][] group in batches.Chunk(_options.GradientAccumulationSteps))
        {
            if (_ranks.AnyOf(Interruption()) is { } reason)
                return reason;
            double rate = _options.LearningRate * LearningRates.Factor(_options.Schedule, _state.Step, _steps, _options.WarmupFraction);
            var (loss, norm) = _step.Run(group, rate, _state.Step);
            int rows = group.Sum(b => b.Length);
            _state = _state with
            {
                Step = _state.Step + 1,
                Batch = _state.Batch + group.Length,
                LossSum = _state.LossSum + loss * rows,
                Rows = _state.Rows + rows,
            };
            _last = new PerceiverTrainingProgress
            {
                Epoch = _state.Epoch,
                Epochs = _options.Epochs,
                Step = _state.Step,
                Steps = _steps,
                TrainingLoss = _state.LossSum / _state.Rows,
                StepLoss = loss,
                GradientNorm = norm,
                LearningRate = rate,
                RowsPerSecond = (_state.Rows - rowsBefore) / clock.Elapsed.TotalSeconds,
                Elapsed = Elapsed,
                StopRequested = () => _stopped = true,
            };
            _folder?.LogStep(_last);
            _options.Progress?.Invoke(_last);
            if (_state.Rows < _objective.RowCount && BetweenSteps(_last) is { } ended)
                return ended;
        }

        // The state of the next epoch, with which a resumed run starts; the progress keeps the numbers of this one.
        _state = _state with { Epoch = _state.Epoch + 1, Batch = 0, OrderKey = null, LossSum = 0, Rows = 0 };
        return Evaluate(_last! with { IsEpochEnd = true });
    }

    /// <summary>Evaluates or saves within an epoch where the options say so.</summary>
    private PerceiverTrainingStopReason? BetweenSteps(PerceiverTrainingProgress last)
    {
        if (_options.EvaluateEverySteps is { } every && _state.Step % every == 0)
            return Evaluate(last);
        if (_options.CheckpointEverySteps is { } often && _state.Step % often == 0)
            Save(null);
        return null;
    }

    /// <param name="at">The progress of the last step.</param>
    /// <param name="saved">Whether a checkpoint is written.</param>
    /// <returns>Why the training ends here; null where it continues.</returns>
    private PerceiverTrainingStopReason? Evaluate(PerceiverTrainingProgress at, bool saved = true)
    {
        // Null where it was cancelled.
        if (_ranks.FromFirst(Metrics) is not { } metrics)
        {
            _evaluationCancelled = true;
            return PerceiverTrainingStopReason.Cancelled;
        }

        bool better = metrics.Count == 0 || _state.BestStep == 0 || _evaluator.IsBetter(metrics, _state.BestValue);
        var now = at with { ValidationMetrics = metrics, IsBest = better, Elapsed = Elapsed };
        _state = _state with
        {
            Evaluations = [.. _state.Evaluations, now],
            EvaluationsSinceBest = better ? 0 : _state.EvaluationsSinceBest + 1,
        };
        if (better)
        {
            if (_ranks.IsFirst)
                _best.CopyFrom(_options.WeightAverageDecay > 0 ? _average.Tensors : _weights.Full());
            _state = _state with { BestEpoch = at.Epoch, BestStep = at.Step, BestValue = _evaluator.Monitored(metrics) };
            _folder?.SaveBest(_best);
        }

        _folder?.LogEvaluation(now);
        if (saved)
            Save(null);
        _options.Progress?.Invoke(now);
        return IsOutOfPatience ? PerceiverTrainingStopReason.EarlyStopped : null;
    }

    private Dictionary<string, double>? Metrics()
    {
        try
        {
            return new(_options.WeightAverageDecay > 0 ? _weights.With(_average, _evaluator.Evaluate) : _evaluator.Evaluate());
        }
        catch (OperationCanceledException) when (_options.CancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Save(PerceiverTrainingStopReason? ended)
    {
        if (!_hasFolder)
            return;
        var random = _random.Save();
        if (_ranks.Communicator is not null)
        {
            var others = _ranks.Gather(JsonSerializer.SerializeToUtf8Bytes(random)).Skip(1);
            _state = _state with { RandomOfOthers = [.. others.Select(r => JsonSerializer.Deserialize<PerceiverRandomState>(r)!)] };
        }

        _state = _state with { Elapsed = Elapsed, Random = random, Ended = ended };
        _folder?.Save(_state, Tensors);
    }

    private PerceiverTrainingStopReason? Interruption()
    {
        if (_options.CancellationToken.IsCancellationRequested)
            return PerceiverTrainingStopReason.Cancelled;
        if (_stopped)
            return PerceiverTrainingStopReason.Stopped;
        // One step is done whatever the limit is, so that there are weights to keep.
        return _last is not null && _clock.Elapsed > _options.MaxDuration ? PerceiverTrainingStopReason.TimeLimit : null;
    }

    private static long CeilingOf(long count, int size) => (count + size - 1) / size;

    public void Dispose()
    {
        _recomputation.Dispose();
        _step.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
        _best.Dispose();
        _average.Dispose();
        _random.Dispose();
        _folder?.Dispose();
    }
}
