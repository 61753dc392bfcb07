using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A step of a training: the gradients of some batches, their sum over all ranks, and what the optimizer makes of it.</summary>
/// <param name="objective">The model and its loss.</param>
/// <param name="options">The settings.</param>
/// <param name="ranks">The processes that share the batches.</param>
/// <param name="random">The random number generator of this rank.</param>
/// <param name="weights">The weights in full precision.</param>
/// <param name="optimizer">What changes them.</param>
/// <param name="average">Their running average, which the first rank keeps.</param>
internal sealed class TrainingStep(
    IPerceiverObjective objective,
    PerceiverTrainingOptions options,
    TrainingRanks ranks,
    PerceiverRandom random,
    TrainedWeights weights,
    TrainingOptimizer optimizer,
    WeightSnapshot average) : IDisposable
{
    private readonly GradientExchange? _exchange =
        ranks.Communicator is { } communicator ? new GradientExchange(communicator, weights.Parameters) : null;

    /// <summary>Does a step.</summary>
    /// <param name="group">Its batches, of which each rank computes its share.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="done">How many steps were done before.</param>
    /// <returns>The loss and the norm of the gradient before it was clipped, the same on every rank.</returns>
    /// <exception cref="InvalidOperationException">One of them is no number.</exception>
    internal (double Loss, double Norm) Run(int[][] group, double learningRate, long done)
    {
        using var scope = NewDisposeScope();
        using var generators = random.Use();
        objective.Model.train();
        optimizer.ClearGradients();
        int rows = group.Sum(b => b.Length);
        double loss = 0;
        foreach (int[] batch in group)
        {
            loss += Backward(batch, batch.Length / (double)rows, done);
            if (group.Length > 1)
                optimizer.AccumulateGradients();
        }

        _exchange?.Sum();
        double norm = optimizer.Clip(options.GradientClipNorm);
        CheckFinite(norm, "gradient", done);
        optimizer.Step(learningRate);
        if (options.WeightAverageDecay > 0 && ranks.IsFirst)
        {
            // Less decay in the first steps, so that the initial weights do not dominate.
            double decay = Math.Min(options.WeightAverageDecay, (2.0 + done) / (11.0 + done));
            average.Average(weights.Full(), decay);
        }

        return (loss, norm);
    }

    /// <returns>The batch's loss times its share of the step.</returns>
    private double Backward(int[] batch, double share, long done)
    {
        using var scope = NewDisposeScope();
        var loss = ranks.LossOf(objective, batch, random);
        CheckFinite(loss.Mean, "loss", done);
        double own = share * loss.Share;
        if (loss.Own is not null)
            (own == 1 ? loss.Own : loss.Own.mul(Scalars.Kept(own))).backward();
        return loss.Mean * share;
    }

    private void CheckFinite(double value, string what, long done)
    {
        if (double.IsFinite(value))
            return;
        string advice = $"Lower the learning rate ({options.LearningRate}) or clip the gradients.";
        // The loss and the gradient are those of all ranks.
        throw TrainingRanks.OfAll(
            new InvalidOperationException($"The {what} of step {done + 1} is {value}: the training diverged. {advice}"));
    }

    public void Dispose() => _exchange?.Dispose();
}
