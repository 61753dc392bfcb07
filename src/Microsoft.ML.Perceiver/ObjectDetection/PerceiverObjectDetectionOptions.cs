using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of object detection. The columns have the names and types of ML.NET's <c>ObjectDetection</c> trainer: the label is a vector of
/// keys, one for each object, and the boxes a vector of Single, four numbers for each.
/// </summary>
public sealed class PerceiverObjectDetectionOptions : PerceiverImageOptions
{
    /// <summary>
    /// The column that training reads the boxes from, a vector of Single: left, top, right and bottom edge in pixels of the image, object
    /// by object in the order of the labels. A row without objects has empty vectors. The default is "BoundingBoxes".
    /// </summary>
    [NotSaved]
    [Required]
    public string BoundingBoxColumnName { get; set; } = "BoundingBoxes";

    /// <summary>The column for the label of each object that was found, a vector of keys. The default is "PredictedLabel".</summary>
    [Required]
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// The column for the boxes that were found, a vector of Single as <see cref="BoundingBoxColumnName"/> has them. The default is
    /// "PredictedBoundingBoxes".
    /// </summary>
    [Required]
    public string PredictedBoundingBoxColumnName { get; set; } = "PredictedBoundingBoxes";

    /// <summary>The column for the probability of each label, a vector of Single. The default is "Score".</summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>
    /// The least probability of an object that is written, from 0 to 1. The default is 0.5, as in ML.NET. For an evaluation by average
    /// precision, which needs improbable ones too, it should be near 0.
    /// </summary>
    [Range(0.0, 1.0)]
    public double ScoreThreshold { get; set; } = 0.5;

    /// <summary>
    /// The overlap (intersection over union) above which a box is taken for a repetition of a more probable one with the same label, and
    /// left out; from 0 to 1. The default is 0.5, as in ML.NET; null leaves none out.
    /// </summary>
    [Range(0.0, 1.0)]
    public double? IouThreshold { get; set; } = 0.5;

    /// <summary>
    /// How many boxes the model gives of an image, and so how many objects an image may have at most; null, the default, takes the
    /// checkpoint's number (<see cref="PerceiverConfig.NumQueries"/>), or 100.
    /// </summary>
    [ForTraining]
    [Range(1, 10_000)]
    public int? NumQueries { get; set; }

    /// <summary>
    /// How training images are varied, their boxes with them; null, the default, leaves them as they are. MixUp and CutMix are refused.
    /// </summary>
    [ForTraining]
    public PerceiverImageAugmentation? Augmentation { get; set; }

    /// <summary>The weights of the terms of the loss; null, the default, for those of the paper.</summary>
    [ForTraining]
    public PerceiverDetectionWeights? LossWeights { get; set; }

    private protected override void CheckTogether()
    {
        base.CheckTogether();
        RequireLabel();
        LossWeights?.Validate();
        Augmentation?.Validate();
        if (Augmentation is not null)
            PerceiverObjectDetectionObjective.RefuseMixing(Augmentation);
    }

    internal override IReadOnlyList<string> Heads => Training is null
        ? [nameof(PerceiverForObjectDetection)]
        : [nameof(PerceiverForObjectDetection), nameof(PerceiverForImageClassificationConvProcessing)];

    internal override string HeadRemedy => Training is null ? " Set Training to start a new head from its weights." : "";
}
