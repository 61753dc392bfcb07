using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>Settings of optical flow. The label is the true flow, height x width x 2 Singles; not a number where it is unknown.</summary>
public sealed class PerceiverOpticalFlowOptions : PerceiverOptions
{
    private const long DefaultMemory = 1L << 30;

    /// <summary>
    /// The column with the first frame, an <c>MLImage</c> of any size or the bytes of its file (<c>LoadRawImageBytes</c>). The default is
    /// "FirstImage".
    /// </summary>
    [Required]
    public string FirstImageColumnName { get; set; } = "FirstImage";

    /// <summary>The column with the second frame, of the same size as the first in each row. The default is "SecondImage".</summary>
    [Required]
    public string SecondImageColumnName { get; set; } = "SecondImage";

    /// <summary>The column that the flow is written to. The default is "Flow".</summary>
    [Required]
    public string FlowColumnName { get; set; } = "Flow";

    /// <summary>The column that the flow's height is written to. The default is "FlowHeight".</summary>
    [Required]
    public string HeightColumnName { get; set; } = "FlowHeight";

    /// <summary>The column that the flow's width is written to. The default is "FlowWidth".</summary>
    [Required]
    public string WidthColumnName { get; set; } = "FlowWidth";

    /// <summary>The column that the flow is painted to, by <see cref="PerceiverFlowColors"/>; null, the default, for none.</summary>
    [MinLength(1)]
    public string? FlowImageColumnName { get; set; }

    /// <summary>The motion in pixels that has the full colour; null, the default, takes each flow's longest.</summary>
    [Range(0, double.PositiveInfinity, MinimumIsExclusive = true)]
    public double? FlowImageMaxMotion { get; set; }

    /// <summary>
    /// How frames of any size become flow; null, the default, takes what the checkpoint's <c>preprocessor_config.json</c> says, or the
    /// original authors' way. Its batch size and memory are those of this stage (<see cref="PerceiverOptions.BatchSize"/>, of tiles;
    /// <see cref="PerceiverOptions.MaxMemoryBytes"/>, 1 GiB where it is null).
    /// </summary>
    [NotSaved]
    public PerceiverOpticalFlowPredictorOptions? Flow { get; set; }

    /// <summary>How training frames are varied; null, the default, leaves them as they are.</summary>
    [ForTraining]
    public PerceiverFlowAugmentation? Augmentation { get; set; }

    /// <summary>The pixels of an example that the loss is taken over, chosen anew each time; null, the default, for all.</summary>
    [ForTraining]
    [Range(1, int.MaxValue)]
    public int? PixelsPerExample { get; set; }

    internal override IReadOnlyList<InputColumn> Inputs =>
        [ImageReader.ImageColumn(FirstImageColumnName), ImageReader.ImageColumn(SecondImageColumnName)];

    /// <summary>How flow is computed with a checkpoint.</summary>
    internal PerceiverOpticalFlowPredictorOptions FlowFor(PerceiverCheckpoint checkpoint) =>
        (Flow ?? FlowProcessorKeys.Read(checkpoint.ImageProcessor)) with
        {
            BatchSize = BatchSize,
            MaxMemoryBytes = MaxMemoryBytes ?? DefaultMemory,
        };

    private protected override void CheckTogether()
    {
        RequireLabel();
        if (FlowImageMaxMotion is not null && FlowImageColumnName is null)
        {
            throw new ArgumentException(
                "FlowImageMaxMotion is for the flow's image; there is none (FlowImageColumnName).", nameof(FlowImageMaxMotion));
        }

        Flow?.Validate();
        Augmentation?.Validate();
    }

    internal override IReadOnlyList<string> Heads => [nameof(PerceiverForOpticalFlow)];
}
