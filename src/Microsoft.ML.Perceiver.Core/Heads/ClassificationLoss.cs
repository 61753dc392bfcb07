using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The three losses of the reference's classification heads, and its rule for choosing one.</summary>
internal static class ClassificationLoss
{
    /// <summary>The problem a configuration names, or null where it names none.</summary>
    /// <exception cref="ArgumentException">It names an unknown one.</exception>
    internal static PerceiverProblemType? FromName(string? name) => name switch
    {
        null => null,
        "regression" => PerceiverProblemType.Regression,
        "single_label_classification" => PerceiverProblemType.SingleLabel,
        "multi_label_classification" => PerceiverProblemType.MultiLabel,
        _ => throw new ArgumentException(
            $"problem_type is '{name}'; it must be 'regression', 'single_label_classification' or 'multi_label_classification'."),
    };

    /// <summary>The name that a configuration has for a problem.</summary>
    internal static string NameOf(PerceiverProblemType problem) => problem switch
    {
        PerceiverProblemType.Regression => "regression",
        PerceiverProblemType.SingleLabel => "single_label_classification",
        _ => "multi_label_classification",
    };

    /// <summary>The problem that labels imply: one output is a regression, integers are classes, anything else is several labels.</summary>
    internal static PerceiverProblemType Infer(int numLabels, Tensor labels) =>
        numLabels == 1 ? PerceiverProblemType.Regression
        : labels.dtype is ScalarType.Int64 or ScalarType.Int32 ? PerceiverProblemType.SingleLabel
        : PerceiverProblemType.MultiLabel;

    /// <summary>The loss of a batch, a scalar.</summary>
    /// <param name="logits">[batch, labels].</param>
    /// <param name="labels">
    /// Single label: int64 [batch], <see cref="PerceiverForMaskedLM.IgnoredLabel"/> for rows that do not count; else
    /// floats of the logits' shape, [batch] for a regression of one number.
    /// </param>
    /// <param name="problem">Which loss.</param>
    /// <param name="labelSmoothing">Share of the probability spread over all labels, single label only.</param>
    /// <param name="classWeights">The weight of each label, [labels]; null for equal weights. Not for a regression.</param>
    internal static Tensor Compute(
        Tensor logits, Tensor labels, PerceiverProblemType problem, double labelSmoothing = 0, Tensor? classWeights = null)
    {
        int numLabels = (int)logits.shape[1];
        if (problem == PerceiverProblemType.SingleLabel)
        {
            Require(labels.NumberOfElements == logits.shape[0], logits, labels, $"[{logits.shape[0]}]");
            var classes = labels.reshape(-1).to(ScalarType.Int64);
            return nn.functional.cross_entropy(logits, classes, classWeights, label_smoothing: labelSmoothing);
        }

        var targets = labels.to(logits.dtype);
        if (problem == PerceiverProblemType.Regression && numLabels == 1)
        {
            Require(labels.NumberOfElements == logits.shape[0], logits, labels, $"[{logits.shape[0]}]");
            return nn.functional.mse_loss(logits.reshape(-1), targets.reshape(-1));
        }

        Require(labels.shape.AsSpan().SequenceEqual(logits.shape), logits, labels, $"[{string.Join(", ", logits.shape)}]");
        return problem == PerceiverProblemType.Regression
            ? nn.functional.mse_loss(logits, targets)
            : nn.functional.binary_cross_entropy_with_logits(logits, targets, classWeights);
    }

    private static void Require(bool fits, Tensor logits, Tensor labels, string needed)
    {
        if (!fits)
        {
            throw new ArgumentException(
                $"The labels have the shape [{string.Join(", ", labels.shape)}]; "
                + $"logits of [{string.Join(", ", logits.shape)}] need {needed}.",
                nameof(labels));
        }
    }
}
