namespace Microsoft.ML.Perceiver;

/// <summary>Settings of optical flow.</summary>
public sealed class PerceiverOpticalFlowOptions : PerceiverOptions
{
    private const long DefaultMemory = 1L << 30;

    /// <summary>The column with the first frame, an <c>MLImage</c> of any size. The default is "FirstImage".</summary>
    public string FirstImageColumnName { get; set; } = "FirstImage";

    /// <summary>The column with the second frame, of the same size as the first in each row. The default is "SecondImage".</summary>
    public string SecondImageColumnName { get; set; } = "SecondImage";

    /// <summary>The column that the flow is written to. The default is "Flow".</summary>
    public string FlowColumnName { get; set; } = "Flow";

    /// <summary>The column that the flow's height is written to. The default is "FlowHeight".</summary>
    public string HeightColumnName { get; set; } = "FlowHeight";

    /// <summary>The column that the flow's width is written to. The default is "FlowWidth".</summary>
    public string WidthColumnName { get; set; } = "FlowWidth";

    /// <summary>The column that the flow is painted to, by <see cref="PerceiverFlowColors"/>; null, the default, for none.</summary>
    public string? FlowImageColumnName { get; set; }

    /// <summary>The motion in pixels that has the full colour; null, the default, takes each flow's longest.</summary>
    public double? FlowImageMaxMotion { get; set; }

    /// <summary>The weights to start from. The default is none.</summary>
    public PerceiverCheckpoint? Checkpoint { get; set; }

    /// <summary>
    /// How frames of any size become flow; null, the default, takes what the checkpoint's <c>preprocessor_config.json</c> says, or the original
    /// authors' way. Its batch size and memory are those of this stage (<see cref="PerceiverOptions.BatchSize"/>, of tiles;
    /// <see cref="PerceiverOptions.MaxMemoryBytes"/>, 1 GiB where it is null).
    /// </summary>
    public PerceiverOpticalFlowPredictorOptions? Flow { get; set; }

    /// <summary>
    /// The column with the true flow, read by training alone: a vector of Single, height x width x 2, not a number where a motion is unknown. The
    /// default is "Label".
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>How to train; null, the default, takes the checkpoint's weights as they are.</summary>
    public PerceiverTrainingOptions? Training { get; set; }

    /// <summary>How training frames are varied; null, the default, leaves them as they are.</summary>
    public PerceiverFlowAugmentation? Augmentation { get; set; }

    /// <summary>The pixels of an example that the loss is taken over, drawn anew each time; null, the default, for all.</summary>
    public int? PixelsPerExample { get; set; }

    /// <summary>
    /// Rows to choose the best epoch by; null, the default, sets <see cref="PerceiverTrainingOptions.ValidationFraction"/> of the training rows
    /// aside.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    internal IReadOnlyList<InputColumn> Inputs => [ImageReader.ImageColumn(FirstImageColumnName), ImageReader.ImageColumn(SecondImageColumnName)];

    internal override void Validate()
    {
        base.Validate();
        RequireName(FirstImageColumnName, nameof(FirstImageColumnName));
        RequireName(SecondImageColumnName, nameof(SecondImageColumnName));
        RequireName(FlowColumnName, nameof(FlowColumnName));
        RequireName(HeightColumnName, nameof(HeightColumnName));
        RequireName(WidthColumnName, nameof(WidthColumnName));
        RequireName(LabelColumnName, nameof(LabelColumnName));
        if (FlowImageColumnName is not null)
            RequireName(FlowImageColumnName, nameof(FlowImageColumnName));
        if (FlowImageMaxMotion is not (null or > 0))
            throw new ArgumentOutOfRangeException(nameof(FlowImageMaxMotion), FlowImageMaxMotion, "FlowImageMaxMotion must be positive, or null.");
        if (FlowImageMaxMotion is not null && FlowImageColumnName is null)
            throw new ArgumentException("FlowImageMaxMotion is for the flow's picture; there is none (FlowImageColumnName).", nameof(FlowImageMaxMotion));
        Flow?.Validate();
        Training?.Validate();
        Augmentation?.Validate();
        if (PixelsPerExample <= 0)
            throw new ArgumentOutOfRangeException(nameof(PixelsPerExample), PixelsPerExample, "PixelsPerExample must be positive, or null.");
        RequireTraining(Training, Augmentation is not null, nameof(Augmentation));
        RequireTraining(Training, PixelsPerExample is not null, nameof(PixelsPerExample));
        RequireTraining(Training, ValidationSet is not null, nameof(ValidationSet));
        if (Training is null && Checkpoint is null)
            throw new ArgumentException("Optical flow needs a checkpoint, or training options to learn from the data.", nameof(Checkpoint));
    }

    /// <summary>How flow is computed with a checkpoint.</summary>
    internal PerceiverOpticalFlowPredictorOptions FlowFor(PerceiverCheckpoint checkpoint) =>
        (Flow ?? FlowProcessorKeys.Read(checkpoint.ImageProcessor)) with { BatchSize = BatchSize, MaxMemoryBytes = MaxMemoryBytes ?? DefaultMemory };
}
