namespace Microsoft.ML.Perceiver;

/// <summary>
/// Tells hopeless trainings of a search: one whose best metric so far is worse than the median of what the others had reached after as many
/// epochs (the median stopping rule, Golovin et al., Google Vizier, 2017). It may be asked from several threads.
/// </summary>
public sealed class PerceiverMedianPruner
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, List<double>> _trials = [];
    private readonly bool _higherIsBetter;
    private readonly int _startupTrials;
    private readonly int _warmupEpochs;

    /// <summary>Makes a pruner that knows no trial.</summary>
    /// <param name="higherIsBetter">Whether a larger value of the metric is a better one.</param>
    /// <param name="startupTrials">How many others must have reached an epoch before a trial is judged at it, 1 at least.</param>
    /// <param name="warmupEpochs">The first epochs, in which no trial is judged, 0 at least.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is too small.</exception>
    public PerceiverMedianPruner(bool higherIsBetter, int startupTrials = 3, int warmupEpochs = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(startupTrials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupEpochs);
        _higherIsBetter = higherIsBetter;
        _startupTrials = startupTrials;
        _warmupEpochs = warmupEpochs;
    }

    /// <summary>Takes down what a trial has reached, and judges it.</summary>
    /// <param name="trial">The trial's number.</param>
    /// <param name="epoch">The epoch that ended, from 1; a trial reports each of its epochs, in order.</param>
    /// <param name="value">The metric after it. What is not a number is hopeless.</param>
    /// <returns>Whether the trial is hopeless.</returns>
    /// <exception cref="ArgumentException">The epoch is not the trial's next one.</exception>
    public bool Report(int trial, int epoch, double value)
    {
        // One scale for both kinds: the larger, the better.
        double gain = double.IsNaN(value) ? double.NegativeInfinity : _higherIsBetter ? value : -value;
        lock (_lock)
        {
            if (!_trials.TryGetValue(trial, out var best))
                _trials.Add(trial, best = []);
            if (epoch != best.Count + 1)
                throw new ArgumentException($"Trial {trial} has reported {best.Count} epochs; the next is not {epoch}.", nameof(epoch));
            best.Add(epoch == 1 ? gain : Math.Max(best[^1], gain));
            if (double.IsNegativeInfinity(gain))
                return true;
            double[] others = [.. _trials.Where(t => t.Key != trial && t.Value.Count >= epoch).Select(t => t.Value[epoch - 1])];
            return epoch > _warmupEpochs && others.Length >= _startupTrials && best[^1] < Median(others);
        }
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        int middle = values.Length / 2;
        // The worse of two in the middle, so that a doubtful trial goes on.
        return values.Length % 2 == 1 ? values[middle] : values[middle - 1];
    }
}
