using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of image classification and regression. A label is a key for classes, a Boolean for two classes, a number for regression, a
/// vector of numbers or Booleans for several labels.
/// </summary>
public sealed class PerceiverImageClassificationOptions : PerceiverImageOptions, IClassificationOptions, IAttentionOptions
{
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
    /// How many of the most probable labels are written with their names, the best first; null, the default, writes none. For single labels
    /// only.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? TopK { get; set; }

    /// <summary>The column that the names of the <see cref="TopK"/> labels are written to. The default is "TopLabels".</summary>
    [Required]
    public string TopLabelsColumnName { get; set; } = "TopLabels";

    /// <summary>The column that the probabilities of the <see cref="TopK"/> labels are written to. The default is "TopScores".</summary>
    [Required]
    public string TopScoresColumnName { get; set; } = "TopScores";

    /// <summary>
    /// The column that what the scores look at is written to: a vector of Single, the weights of the places that the model reads, rows x
    /// columns, which add up to 1. A place is a pixel of the resized image, or some four pixels a side for a model that begins with a
    /// convolution. <see cref="PerceiverImageAttention"/> brings them back to the image. Null, the default, computes none; the other
    /// columns are the same either way. See docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    /// <summary>
    /// Which classifier; null, the default, takes the one that the checkpoint's configuration names in its architectures, or
    /// <see cref="PerceiverImageHead.ConvProcessing"/> where it names none.
    /// </summary>
    [NotSaved]
    public PerceiverImageHead? Head { get; set; }

    /// <summary>How training images are varied; null, the default, leaves them as they are.</summary>
    [ForTraining]
    public PerceiverImageAugmentation? Augmentation { get; set; }

    private protected override void CheckTogether()
    {
        base.CheckTogether();
        RequireLabel();
        Augmentation?.Validate();
    }

    /// <summary>The configuration with the architecture that is meant.</summary>
    internal PerceiverConfig WithHead(PerceiverConfig config) => Head switch
    {
        null when config.Architectures is { Count: > 0 } => config,
        PerceiverImageHead.Learned => config with { Architectures = [nameof(PerceiverForImageClassificationLearned)] },
        PerceiverImageHead.Fourier => config with { Architectures = [nameof(PerceiverForImageClassificationFourier)] },
        _ => config with { Architectures = [nameof(PerceiverForImageClassificationConvProcessing)] },
    };

    internal override IReadOnlyList<string> Heads => HeadNames.Images;
}
