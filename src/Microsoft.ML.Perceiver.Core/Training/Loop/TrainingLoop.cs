using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>One training: the loop and what it holds.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private readonly IPerceiverObjective _objective;
    private readonly PerceiverTrainingOptions _options;
    private readonly PerceiverRandom _random;
    private readonly TrainedWeights _weights;
    private readonly TrainingOptimizer _optimizer;
    private readonly WeightSnapshot _best = new();
    private readonly WeightSnapshot _average = new();
    private readonly RunFolder? _folder;
    private readonly IDisposable _recomputation;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TrainingEvaluator _evaluator;
    private readonly long _steps;
    private TrainingState _state = new();
    private TimeSpan _before;
    private bool _stopped;
    private bool _unjudged;
    private PerceiverTrainingProgress? _last;

    internal TrainingLoop(IPerceiverObjective objective, PerceiverTrainingOptions options)
    {
        _objective = objective;
        _options = options;
        _random = new PerceiverRandom(options.Seed);
        _evaluator = new TrainingEvaluator(objective, options);
        _steps = options.Epochs * Groups(Groups(objective.RowCount, options.BatchSize), options.GradientAccumulationSteps);
        // Opened before anything of the model is changed, as it may refuse.
        _folder = options.RunFolder is null ? null : RunFolder.Open(options.RunFolder, objective, options);
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
        _recomputation = Recomputation.Enable(objective.Model, options.RecomputeActivations);
    }

    internal PerceiverTrainingResult Execute()
    {
        try
        {
            if (_folder?.Resume(_weights, _optimizer, _average, _best) is { } resumed)
            {
                _state = resumed;
                _before = resumed.Elapsed;
                _random.Restore(resumed.Random!);
            }

            var reason = _state.Ended ?? Train();
            // Where the last steps were not judged, a run that is resumed does them again, from the checkpoint before.
            if (_state.Ended is null && !_unjudged)
                Save(reason is PerceiverTrainingStopReason.Completed or PerceiverTrainingStopReason.EarlyStopped ? reason : null);
            // After the checkpoint, as a run that is resumed goes on as if this evaluation had not been.
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

    private TimeSpan Elapsed => _before + _clock.Elapsed;

    private PerceiverTrainingStopReason Train()
    {
        while (_state.Epoch <= _options.Epochs)
        {
            // A resumed training may have been stopped where it would have ended early.
            if (_options.EarlyStoppingPatience is { } patience && _state.EvaluationsSinceBest >= patience)
                return PerceiverTrainingStopReason.EarlyStopped;
            if (TrainEpoch() is { } ended)
                return ended;
        }

        return PerceiverTrainingStopReason.Completed;
    }

    /// <returns>Why the training ends within this epoch, or null where it goes on.</returns>
    private PerceiverTrainingStopReason? TrainEpoch()
    {
        ulong key = _state.OrderKey ?? _random.NextBits();
        _state = _state with { OrderKey = key };
        _weights.Thaw(_state.Epoch);
        var clock = Stopwatch.StartNew();
        long rowsBefore = _state.Rows;
        var batches = LengthBuckets.Shuffle(_objective.RowCount, _options.BatchSize, _objective.LengthOf, key, _state.Batch);
        foreach (int[][] group in batches.Chunk(_options.GradientAccumulationSteps))
        {
            if (Interruption() is { } reason)
                return reason;
            double rate = _options.LearningRate * LearningRates.Factor(_options.Schedule, _state.Step, _steps, _options.WarmupFraction);
            var (loss, norm) = Step(group, rate);
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

        // The epoch's numbers stay for the evaluation; the state says that the next epoch is to come.
        _state = _state with { Epoch = _state.Epoch + 1, Batch = 0, OrderKey = null, LossSum = 0, Rows = 0 };
        return Evaluate(_last! with { IsEpochEnd = true });
    }

    /// <summary>Evaluates and saves within an epoch where that is due.</summary>
    private PerceiverTrainingStopReason? BetweenSteps(PerceiverTrainingProgress last)
    {
        if (_options.EvaluateEverySteps is { } every && _state.Step % every == 0)
            return Evaluate(last);
        if (_options.CheckpointEverySteps is { } often && _state.Step % often == 0)
            Save(null);
        return null;
    }

    private (double Loss, double Norm) Step(int[][] group, double learningRate)
    {
        using var scope = NewDisposeScope();
        using var chance = _random.Use();
        _objective.Model.train();
        _optimizer.ClearGradients();
        int rows = group.Sum(b => b.Length);
        double loss = 0;
        foreach (int[] batch in group)
        {
            loss += Backward(batch, batch.Length / (double)rows);
            if (group.Length > 1)
                _optimizer.Collect();
        }

        double norm = _optimizer.Clip(_options.GradientClipNorm);
        CheckFinite(norm, "gradient");
        _optimizer.Step(learningRate);
        // Young averages forget faster, so that the random start does not linger.
        if (_options.WeightAverageDecay > 0)
            _average.Average(_weights.Full(), Math.Min(_options.WeightAverageDecay, (2.0 + _state.Step) / (11.0 + _state.Step)));
        return (loss, norm);
    }

    /// <returns>The batch's loss times its share of the step.</returns>
    private double Backward(int[] batch, double share)
    {
        using var scope = NewDisposeScope();
        var loss = _objective.Loss(batch, _random);
        double value = loss.item<float>();
        CheckFinite(value, "loss");
        (share == 1 ? loss : loss * share).backward();
        return value * share;
    }

    private void CheckFinite(double value, string what)
    {
        if (!double.IsFinite(value))
            throw new InvalidOperationException($"The {what} of step {_state.Step + 1} is {value}: the training diverged. Lower the learning rate ({_options.LearningRate}) or clip the gradients.");
    }

    /// <param name="at">Where the training stands.</param>
    /// <param name="saved">Whether a training that goes on later goes on from here.</param>
    /// <returns>Why the training ends here, or null where it goes on.</returns>
    private PerceiverTrainingStopReason? Evaluate(PerceiverTrainingProgress at, bool saved = true)
    {
        IReadOnlyDictionary<string, double> metrics;
        try
        {
            metrics = _options.WeightAverageDecay > 0 ? _weights.With(_average, _evaluator.Evaluate) : _evaluator.Evaluate();
        }
        catch (OperationCanceledException) when (_options.CancellationToken.IsCancellationRequested)
        {
            _unjudged = true;
            return PerceiverTrainingStopReason.Cancelled;
        }

        bool better = metrics.Count == 0 || _state.BestStep == 0 || _evaluator.IsBetter(metrics, _state.BestValue);
        var now = at with { ValidationMetrics = metrics, IsBest = better, Elapsed = Elapsed };
        _state = _state with { Evaluations = [.. _state.Evaluations, now], EvaluationsSinceBest = better ? 0 : _state.EvaluationsSinceBest + 1 };
        if (better)
        {
            _best.Take(_options.WeightAverageDecay > 0 ? _average.Tensors : _weights.Full());
            _state = _state with { BestEpoch = at.Epoch, BestStep = at.Step, BestValue = _evaluator.Monitored(metrics) };
            _folder?.SaveBest(_best);
        }

        _folder?.LogEvaluation(now);
        if (saved)
            Save(null);
        _options.Progress?.Invoke(now);
        return _options.EarlyStoppingPatience is { } patience && _state.EvaluationsSinceBest >= patience ? PerceiverTrainingStopReason.EarlyStopped : null;
    }

    private void Save(PerceiverTrainingStopReason? ended)
    {
        if (_folder is null)
            return;
        _state = _state with { Elapsed = Elapsed, Random = _random.Save(), Ended = ended };
        _folder.Save(_state, _weights, _optimizer, _average, _best);
    }

    private PerceiverTrainingStopReason? Interruption() =>
        _options.CancellationToken.IsCancellationRequested ? PerceiverTrainingStopReason.Cancelled
        : _stopped ? PerceiverTrainingStopReason.Stopped
        // One step is taken in any time, so that there is something to keep.
        : _last is not null && _clock.Elapsed > _options.MaxDuration ? PerceiverTrainingStopReason.TimeLimit
        : null;

    private static long Groups(long count, int size) => (count + size - 1) / size;

    public void Dispose()
    {
        _recomputation.Dispose();
        _optimizer.Dispose();
        _weights.Dispose();
        _best.Dispose();
        _average.Dispose();
        _random.Dispose();
        _folder?.Dispose();
    }
}
