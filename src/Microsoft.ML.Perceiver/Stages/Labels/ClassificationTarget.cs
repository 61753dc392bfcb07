namespace Microsoft.ML.Perceiver;

/// <summary>What a classifier is fitted for: the labels of the data where it is trained, else those of its checkpoint.</summary>
/// <param name="Label">The label column; null without training.</param>
/// <param name="Config">The configuration of the model.</param>
/// <param name="Problem">The problem.</param>
/// <param name="Labels">The labels.</param>
internal sealed record ClassificationTarget(LabelReader? Label, PerceiverConfig Config, PerceiverProblemType Problem, LabelSet Labels)
{
    /// <summary>Whether the labels are Booleans, and the columns those of a binary classifier.</summary>
    internal bool IsBinary => Label?.Kind == LabelKind.Truth;

    /// <summary>Whether the model's head may differ from the checkpoint's.</summary>
    internal bool HasNewHead => Label is not null;

    /// <summary>The target of a label column, or of a checkpoint's configuration.</summary>
    internal static ClassificationTarget Of(LabelReader? label, PerceiverConfig config) => label is null
        ? new ClassificationTarget(null, config, ClassificationTask.ProblemOf(config), LabelSet.Of(config))
        : new ClassificationTarget(label, ClassificationTask.ConfigFor(config, label), label.Problem, label.Labels);
}
