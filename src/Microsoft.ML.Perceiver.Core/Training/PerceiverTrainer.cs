using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The training loop of every head: AdamW, seeded batches of like length, the best weights by a validation metric.</summary>
public static class PerceiverTrainer
{
    /// <summary>
    /// Trains a model. When it ends, in whatever way, the model has the best weights so far, is in evaluation mode, and torch's global random
    /// state is as it was.
    /// </summary>
    /// <param name="objective">What is learnt.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">There are no rows, the monitored metric is none of the objective's, or there is early stopping without validation rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">The loss is no longer a number.</exception>
    public static TrainingResult Run(ITrainingObjective objective, PerceiverTrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (objective.RowCount == 0)
            throw new ArgumentException("There are no training rows.", nameof(objective));
        using var session = new Session(objective, options);
        return session.Execute();
    }

    private sealed class Session : IDisposable
    {
        private readonly ITrainingObjective _objective;
        private readonly PerceiverTrainingOptions _options;
        private readonly TrainingRandom _random;
        private readonly WeightSnapshot _best = new();
        private readonly WeightSnapshot _average = new();
        private readonly WeightSnapshot _current = new();
        private readonly AdamW _optimizer;
        private readonly Stopwatch _clock = Stopwatch.StartNew();
        private readonly List<TrainingProgress> _epochs = [];
        private readonly string _monitor;
        private readonly long _steps;
        private long _step;
        private int _bestEpoch;
        private double _bestValue;

        internal Session(ITrainingObjective objective, PerceiverTrainingOptions options)
        {
            _objective = objective;
            _options = options;
            _random = new TrainingRandom(options.Seed);
            _monitor = options.MonitorMetric ?? objective.MonitorMetric;
            _steps = (long)options.Epochs * ((objective.RowCount + options.BatchSize - 1) / options.BatchSize);
            var (decayed, others) = DecayGroups.Split(objective.Model);
            _optimizer = optim.AdamW(
                [
                    new AdamW.ParamGroup(decayed, new AdamW.Options { LearningRate = options.LearningRate, InitialLearningRate = options.LearningRate, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = options.WeightDecay, amsgrad = false, maximize = false }),
                    new AdamW.ParamGroup(others, new AdamW.Options { LearningRate = options.LearningRate, InitialLearningRate = options.LearningRate, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0, amsgrad = false, maximize = false }),
                ]);
        }

        internal TrainingResult Execute()
        {
            try
            {
                var reason = Train();
                return new TrainingResult(reason, _epochs, _bestEpoch, _clock.Elapsed);
            }
            finally
            {
                _objective.Model.zero_grad();
                _objective.Model.eval();
                if (_bestEpoch > 0)
                    _best.Restore(_objective.Model);
            }
        }

        private TrainingStopReason Train()
        {
            for (int epoch = 1; epoch <= _options.Epochs; epoch++)
            {
                if (TrainEpoch(epoch) is { } ended)
                    return ended;
                if (_options.EarlyStoppingPatience is { } patience && epoch - _bestEpoch >= patience)
                    return TrainingStopReason.EarlyStopped;
            }

            return TrainingStopReason.Completed;
        }

        /// <returns>Why the training ends within this epoch, or null where it goes on.</returns>
        private TrainingStopReason? TrainEpoch(int epoch)
        {
            var clock = Stopwatch.StartNew();
            var batches = LengthBuckets.Shuffle(_objective.RowCount, _options.BatchSize, _objective.LengthOf, _random);
            double lossSum = 0;
            long rows = 0;
            TrainingProgress? last = null;
            foreach (int[] batch in batches)
            {
                if (Interruption() is { } reason)
                    return reason;
                double rate = _options.LearningRate * LearningRates.Factor(_options.Schedule, _step, _steps, _options.WarmupFraction);
                lossSum += Step(batch, rate) * batch.Length;
                rows += batch.Length;
                last = new TrainingProgress
                {
                    Epoch = epoch,
                    Epochs = _options.Epochs,
                    Step = _step,
                    Steps = _steps,
                    TrainingLoss = lossSum / rows,
                    LearningRate = rate,
                    RowsPerSecond = rows / clock.Elapsed.TotalSeconds,
                    Elapsed = _clock.Elapsed,
                };
                _options.Progress?.Invoke(last);
            }

            try
            {
                FinishEpoch(last!);
            }
            catch (OperationCanceledException) when (_options.CancellationToken.IsCancellationRequested)
            {
                return TrainingStopReason.Cancelled;
            }

            return null;
        }

        private double Step(int[] batch, double learningRate)
        {
            using var scope = NewDisposeScope();
            using var chance = _random.Use();
            _objective.Model.train();
            foreach (var group in _optimizer.ParamGroups)
                group.LearningRate = learningRate;
            _optimizer.zero_grad();
            var loss = _objective.Loss(batch, _random);
            double value = loss.item<float>();
            if (!double.IsFinite(value))
            {
                throw new InvalidOperationException(
                    $"The loss of step {_step + 1} is {value}: the training diverged. Lower the learning rate ({_options.LearningRate}) or clip the gradients.");
            }

            loss.backward();
            if (_options.GradientClipNorm is { } norm)
                nn.utils.clip_grad_norm_(_objective.Model.parameters().Where(HasGradient), norm);
            _optimizer.step();
            _step++;
            // Young averages forget faster, so that the random start does not linger.
            if (_options.WeightAverageDecay > 0)
                _average.Average(_objective.Model, Math.Min(_options.WeightAverageDecay, (1.0 + _step) / (10.0 + _step)));
            return value;
        }

        private void FinishEpoch(TrainingProgress last)
        {
            _objective.Model.eval();
            if (_options.WeightAverageDecay > 0)
            {
                _current.Take(_objective.Model);
                _average.Restore(_objective.Model);
            }

            IReadOnlyDictionary<string, double> metrics;
            using (NewDisposeScope())
            using (no_grad())
                metrics = _objective.Evaluate(_options.CancellationToken);
            if (metrics.Count == 0 && _options.EarlyStoppingPatience is not null)
                throw new ArgumentException($"{nameof(PerceiverTrainingOptions.EarlyStoppingPatience)} needs validation rows; there are none.");
            // Without a validation set the latest weights are the best there are.
            bool better = metrics.Count == 0 || _bestEpoch == 0 || IsBetter(Monitored(metrics));
            if (better)
            {
                _best.Take(_objective.Model);
                _bestEpoch = last.Epoch;
                _bestValue = metrics.Count == 0 ? 0 : Monitored(metrics);
            }

            if (_options.WeightAverageDecay > 0)
                _current.Restore(_objective.Model);
            var end = last with { IsEpochEnd = true, ValidationMetrics = metrics, IsBest = better, Elapsed = _clock.Elapsed };
            _epochs.Add(end);
            _options.Progress?.Invoke(end);
        }

        private bool IsBetter(double value) =>
            double.IsFinite(value) && (_objective.HigherIsBetter(_monitor) ? value > _bestValue : value < _bestValue);

        private double Monitored(IReadOnlyDictionary<string, double> metrics) =>
            metrics.TryGetValue(_monitor, out double value)
                ? value
                : throw new ArgumentException($"There is no validation metric '{_monitor}'; there are {string.Join(", ", metrics.Keys)}.");

        private TrainingStopReason? Interruption()
        {
            if (_options.CancellationToken.IsCancellationRequested)
                return TrainingStopReason.Cancelled;
            return _clock.Elapsed > _options.MaxDuration ? TrainingStopReason.TimeLimit : null;
        }

        private static bool HasGradient(Parameter parameter)
        {
            using var gradient = parameter.grad;
            return gradient is not null;
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            _best.Dispose();
            _average.Dispose();
            _current.Dispose();
            _random.Dispose();
        }
    }
}
