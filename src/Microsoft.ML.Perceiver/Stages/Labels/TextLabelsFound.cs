namespace Microsoft.ML.Perceiver;

/// <summary>What fitting a classification of texts, or of their words, finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Problem">The problem.</param>
/// <param name="IsBinary">Whether the labels are false and true, and the columns those of a binary classifier.</param>
internal sealed record TextLabelsFound(
    int MaxLength, LabelSet Labels, PerceiverProblemType Problem = PerceiverProblemType.SingleLabel, bool IsBinary = false) : IFound
{
    public void Check(PerceiverConfig config)
    {
        FoundChecks.RequireLength(MaxLength, config);
        FoundChecks.RequireLabels(Labels, config);
        FoundChecks.RequireProblem(Problem, Labels, IsBinary);
    }
}
