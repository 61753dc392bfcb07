namespace Microsoft.ML.Perceiver;

/// <summary>Settings of fill-mask.</summary>
public sealed class PerceiverFillMaskOptions : PerceiverTextOptions
{
    /// <summary>Makes the default settings: a text that is too long is refused, as what is cut off may hold a mask.</summary>
    public PerceiverFillMaskOptions() => LongText = PerceiverLongTextHandling.Refuse;

    /// <summary>The column that the text with the best filling is written to. The default is "FilledText".</summary>
    public string OutputColumnName { get; set; } = "FilledText";

    /// <summary>The column that the texts with the best fillings, ranked, are written to. The default is "Fillings".</summary>
    public string FillingsColumnName { get; set; } = "Fillings";

    /// <summary>The column that the fillings' joint log-probabilities, in nats, are written to. The default is "LogProbabilities".</summary>
    public string LogProbabilitiesColumnName { get; set; } = "LogProbabilities";

    /// <summary>How many fillings are wanted, from 1 to 100. The default is 5.</summary>
    public int TopK { get; set; } = 5;

    /// <summary>How several masks of one text are filled together. The default is <see cref="PerceiverFillMaskDecoding.OneShot"/>.</summary>
    public PerceiverFillMaskDecoding Decoding { get; set; } = PerceiverFillMaskDecoding.OneShot;

    /// <summary>Hypotheses that <see cref="PerceiverFillMaskDecoding.LeftToRight"/> keeps; <see cref="TopK"/> at least are. The default is 8.</summary>
    public int BeamWidth { get; set; } = 8;

    /// <summary>How to train the masked language model on the texts; null, the default, takes the checkpoint's weights as they are.</summary>
    public PerceiverTrainingOptions? Training { get; set; }

    /// <summary>What training masks. The default is 15% of the bytes, chosen anew each time.</summary>
    public PerceiverMaskedLanguageOptions Masking { get; set; } = new();

    /// <summary>
    /// Text files in UTF-8 to train on beside the data's rows. They are read piece by piece in windows of <see cref="PerceiverTextOptions.MaxLength"/>
    /// tokens, so they may be of any size. Validation texts are not taken from them. The default is
    /// none.
    /// </summary>
    public IReadOnlyList<string> TrainingFiles { get; set; } = [];

    /// <summary>Texts to choose the best epoch by; null, the default, sets <see cref="PerceiverTrainingOptions.ValidationFraction"/> of the training rows aside.</summary>
    public IDataView? ValidationSet { get; set; }

    internal override void Validate()
    {
        base.Validate();
        RequireName(OutputColumnName, nameof(OutputColumnName));
        RequireName(FillingsColumnName, nameof(FillingsColumnName));
        RequireName(LogProbabilitiesColumnName, nameof(LogProbabilitiesColumnName));
        // One mask has 128 fillings that are text, so a hundred can always be given.
        if (TopK is < 1 or > 100)
            throw new ArgumentOutOfRangeException(nameof(TopK), TopK, "TopK must be from 1 to 100.");
        if (BeamWidth < 1)
            throw new ArgumentOutOfRangeException(nameof(BeamWidth), BeamWidth, "BeamWidth must be positive.");
        if (!Enum.IsDefined(Decoding))
            throw new ArgumentOutOfRangeException(nameof(Decoding), Decoding, "This is no decoding.");
        ArgumentNullException.ThrowIfNull(Masking);
        ArgumentNullException.ThrowIfNull(TrainingFiles);
        Masking.Validate();
        Training?.Validate();
        RequireTraining(Training, ValidationSet is not null, nameof(ValidationSet));
        RequireTraining(Training, TrainingFiles.Count > 0, nameof(TrainingFiles));
        RequireTraining(Training, Masking != new PerceiverMaskedLanguageOptions(), nameof(Masking));
        if (Training is null && Checkpoint is null)
            throw new ArgumentException("Fill-mask needs a checkpoint, or training options to learn from the data.", nameof(Checkpoint));
    }

    /// <summary>The columns with texts.</summary>
    internal IReadOnlyList<InputColumn> Inputs => [TextInput];
}
