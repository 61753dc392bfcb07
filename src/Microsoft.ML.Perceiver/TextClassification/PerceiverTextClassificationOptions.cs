using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of text classification and regression. A label is a key for classes, a Boolean for two classes, a number for regression, a
/// vector of numbers or Booleans for several labels.
/// </summary>
public sealed class PerceiverTextClassificationOptions : PerceiverTextOptions, IClassificationOptions, IAttentionOptions
{
    /// <summary>The column with a second text, which the model reads after the first; null, the default, for none.</summary>
    [MinLength(1)]
    public string? SecondTextColumnName { get; set; }

    /// <summary>
    /// The column that the probabilities, the numbers of a regression, or the logarithm of the odds of true are written to. The default is
    /// "Score".
    /// </summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the probability of true is written to where labels are Booleans. The default is "Probability".</summary>
    [Required]
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>The column that the label is written to; there is none for a regression. The default is "PredictedLabel".</summary>
    [Required]
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// The column that what the scores look at is written to: a vector of Single with the weights of [CLS], of each UTF-16 unit of the
    /// text, and of [SEP]; with a second text, of each of its units and of the last [SEP] too. They add up to 1. Null, the default,
    /// computes none; the other columns are the same either way. See docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    /// <summary>
    /// How training texts are varied each time they are read; validation texts are not. Null, the default, is
    /// <see cref="PerceiverPresets.TextFineTuningAugmentation"/> for a trainer that starts from the bundled sentence encoder, as no
    /// checkpoint is named, and leaves the texts as they are for others.
    /// </summary>
    [ForTraining]
    public PerceiverTextAugmentation? Augmentation { get; set; }

    private protected override string? SecondColumn => SecondTextColumnName;

    private protected override void CheckTogether()
    {
        RequireLabel();
        Augmentation?.Validate();
    }

    internal override IReadOnlyList<string> Heads =>
        Training is null ? [nameof(PerceiverForSequenceClassification)] : HeadNames.Texts;

    internal override string HeadRemedy => Training is null ? " Set Training to start a new head from its weights." : "";
}
