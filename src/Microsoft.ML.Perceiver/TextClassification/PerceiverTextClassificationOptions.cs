namespace Microsoft.ML.Perceiver;

/// <summary>Settings of text classification and regression.</summary>
public sealed class PerceiverTextClassificationOptions : PerceiverTextOptions, IClassificationOptions
{
    /// <summary>The column with a second text, which the model reads after the first; null, the default, for none.</summary>
    public string? SecondTextColumnName { get; set; }

    /// <summary>
    /// The column with the right labels, read by training alone: a key for classes, a number for regression, a vector of numbers for several
    /// labels. The default is "Label".
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column that the probabilities, or the numbers of a regression, are written to. The default is "Score".</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the label is written to; there is none for a regression. The default is "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>How to train; null, the default, takes the checkpoint's weights as they are.</summary>
    public PerceiverTrainingOptions? Training { get; set; }

    /// <summary>Rows to choose the best epoch by; null, the default, sets <see cref="PerceiverTrainingOptions.ValidationFraction"/> of the training rows aside.</summary>
    public IDataView? ValidationSet { get; set; }

    internal override void Validate()
    {
        base.Validate();
        RequireName(LabelColumnName, nameof(LabelColumnName));
        RequireName(ScoreColumnName, nameof(ScoreColumnName));
        RequireName(PredictedLabelColumnName, nameof(PredictedLabelColumnName));
        if (SecondTextColumnName is not null)
            RequireName(SecondTextColumnName, nameof(SecondTextColumnName));
        Training?.Validate();
        RequireTraining(Training, ValidationSet is not null, nameof(ValidationSet));
        if (Training is null && Checkpoint is null)
            throw new ArgumentException("Text classification needs a checkpoint, or training options to learn from the data.", nameof(Checkpoint));
    }

    /// <summary>The columns with texts.</summary>
    IReadOnlyList<InputColumn> IClassificationOptions.Inputs =>
        SecondTextColumnName is null ? [TextInput] : [TextInput, TextInput with { Name = SecondTextColumnName }];

    TopColumns? IClassificationOptions.Top => null;
}
