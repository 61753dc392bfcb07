namespace Microsoft.ML.Perceiver;

/// <summary>Settings of image classification and regression.</summary>
public sealed class PerceiverImageClassificationOptions : PerceiverImageOptions, IClassificationOptions
{
    /// <summary>
    /// The column with the right labels, read by training alone: a key for classes, a number for regression, a vector of numbers for several
    /// labels. The default is "Label".
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column that the probabilities, or the numbers of a regression, are written to. The default is "Score".</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the label is written to; there is none for a regression. The default is "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// How many of the most probable labels are written with their names, the best first; null, the default, writes none. For single labels only.
    /// </summary>
    public int? TopK { get; set; }

    /// <summary>The column that the names of the <see cref="TopK"/> labels are written to. The default is "TopLabels".</summary>
    public string TopLabelsColumnName { get; set; } = "TopLabels";

    /// <summary>The column that the probabilities of the <see cref="TopK"/> labels are written to. The default is "TopScores".</summary>
    public string TopScoresColumnName { get; set; } = "TopScores";

    /// <summary>
    /// Which classifier; null, the default, takes the one that the checkpoint's configuration names in its architectures, or
    /// <see cref="PerceiverImageHead.ConvProcessing"/> where it names none.
    /// </summary>
    public PerceiverImageHead? Head { get; set; }

    /// <summary>How to train; null, the default, takes the checkpoint's weights as they are.</summary>
    public PerceiverTrainingOptions? Training { get; set; }

    /// <summary>How training pictures are varied; null, the default, leaves them as they are.</summary>
    public PerceiverImageAugmentation? Augmentation { get; set; }

    /// <summary>
    /// Rows to choose the best epoch by; null, the default, sets <see cref="PerceiverTrainingOptions.ValidationFraction"/> of the training rows
    /// aside.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    IReadOnlyList<InputColumn> IClassificationOptions.Inputs => [ImageInput];

    TopColumns? IClassificationOptions.Top => TopK is { } k ? new TopColumns(k, TopLabelsColumnName, TopScoresColumnName) : null;

    internal override void Validate()
    {
        base.Validate();
        RequireName(LabelColumnName, nameof(LabelColumnName));
        RequireName(ScoreColumnName, nameof(ScoreColumnName));
        RequireName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        RequireName(TopLabelsColumnName, nameof(TopLabelsColumnName));
        RequireName(TopScoresColumnName, nameof(TopScoresColumnName));
        if (TopK <= 0)
            throw new ArgumentOutOfRangeException(nameof(TopK), TopK, "TopK must be positive, or null.");
        if (Head is { } head && !Enum.IsDefined(head))
            throw new ArgumentOutOfRangeException(nameof(Head), Head, "This is no image classifier.");
        Training?.Validate();
        Augmentation?.Validate();
        RequireTraining(Training, Augmentation is not null, nameof(Augmentation));
        RequireTraining(Training, ValidationSet is not null, nameof(ValidationSet));
        if (Training is null && Checkpoint is null)
            throw new ArgumentException("Image classification needs a checkpoint, or training options to learn from the data.", nameof(Checkpoint));
    }

    /// <summary>The configuration with the architecture that is meant.</summary>
    internal PerceiverConfig WithHead(PerceiverConfig config) => Head switch
    {
        null when config.Architectures is { Count: > 0 } => config,
        PerceiverImageHead.Learned => config with { Architectures = [nameof(PerceiverForImageClassificationLearned)] },
        PerceiverImageHead.Fourier => config with { Architectures = [nameof(PerceiverForImageClassificationFourier)] },
        _ => config with { Architectures = [nameof(PerceiverForImageClassificationConvProcessing)] },
    };
}
