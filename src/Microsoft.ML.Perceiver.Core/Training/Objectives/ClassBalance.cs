namespace Microsoft.ML.Perceiver;

/// <summary>How much each class weighs in the loss.</summary>
internal static class ClassBalance
{
    /// <summary>Whether no two rows are of different classes. Looks no further than the first two that are.</summary>
    /// <param name="targets">As for <see cref="Weights"/>.</param>
    internal static bool IsOneClass(IEnumerable<float[]> targets) =>
        targets.SelectMany(target => target).Where(target => target >= 0).Distinct().Take(2).Count() == 1;

    /// <summary>The classes' weights by the options; null where all weigh the same.</summary>
    /// <param name="options">The options.</param>
    /// <param name="problem">The problem.</param>
    /// <param name="labels">How many labels there are.</param>
    /// <param name="targets">The class of each row, or of each of its items; negative for one that does not count.</param>
    /// <exception cref="ArgumentException">They do not fit the problem.</exception>
    internal static double[]? Weights(
        PerceiverTrainingOptions options, PerceiverProblemType problem, int labels, IEnumerable<float[]> targets)
    {
        if (options.ClassWeights is { } given)
        {
            const string name = nameof(PerceiverTrainingOptions.ClassWeights);
            if (problem == PerceiverProblemType.Regression)
                throw new ArgumentException($"{name} are for classes; this is a regression.");
            return given.Count == labels ? [.. given] : throw new ArgumentException($"There are {given.Count} {name} for {labels} labels.");
        }

        if (!options.BalanceClasses)
            return null;
        if (problem != PerceiverProblemType.SingleLabel)
            throw new ArgumentException($"{nameof(PerceiverTrainingOptions.BalanceClasses)} is for rows of one class each.");
        double[] counts = new double[labels];
        foreach (float target in targets.SelectMany(target => target).Where(target => target >= 0))
            counts[(int)target]++;
        double rows = counts.Sum();
        // A class without rows does not occur in the loss, whatever its weight is.
        return Array.ConvertAll(counts, c => rows / (labels * Math.Max(1, c)));
    }
}
