using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of multimodal autoencoding: videos with their audio, given back, and classified. It needs a checkpoint, whose configuration
/// says how long a window is. A label is a key; the default column of labels is none, which learns no label.
/// </summary>
public sealed class PerceiverMultimodalOptions : PerceiverOptions, IClassificationOptions, IAttentionOptions
{
    /// <summary>Makes the default settings: one window goes through the model at a time, as videos are large; no label is learnt.</summary>
    public PerceiverMultimodalOptions()
    {
        BatchSize = 1;
        LabelColumnName = null;
    }

    /// <summary>
    /// The column with the video: frames x 3 x height x width as a vector of Single or Byte, each from 0 to 255, or, with
    /// <see cref="PixelRange"/>, from 0 to 1, red before green and blue. The default is "Frames".
    /// </summary>
    public string FramesColumnName { get; set; } = "Frames";

    /// <summary>
    /// The columns with the video's frames in their order, each an <c>MLImage</c> of any size or a file, instead of
    /// <see cref="FramesColumnName"/> (ML.NET has no vectors of images); null, the default, for none.
    /// </summary>
    public IReadOnlyList<string>? FrameColumnNames { get; set; }

    /// <summary>
    /// The height of frames that come as a vector, in pixels; null, the default, for the model's. Others are resized, bicubic.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? PixelHeight { get; set; }

    /// <summary>The width of frames that come as a vector, in pixels; null, the default, for the model's.</summary>
    [Range(1, int.MaxValue)]
    public int? PixelWidth { get; set; }

    /// <summary>
    /// What the values of frames mean that come as a vector of Single: from 0 to 255 (the default), or from 0 to 1. They are rounded to
    /// bytes.
    /// </summary>
    public PerceiverPixelRange PixelRange { get; set; }

    /// <summary>
    /// The column with the audio, a vector of Single from about -1 to 1, of one channel: <see cref="PerceiverConfig.AudioSamplesPerFrame"/>
    /// samples for each frame. Audio of another rate is refused. The default is "Audio".
    /// </summary>
    [Required]
    public string AudioColumnName { get; set; } = "Audio";

    /// <summary>The column for the video as the model gives it back, a vector of Single. The default is "ReconstructedFrames".</summary>
    [Required]
    public string ReconstructedFramesColumnName { get; set; } = "ReconstructedFrames";

    /// <summary>The column that the audio is written to as the model gives it back. The default is "ReconstructedAudio".</summary>
    [Required]
    public string ReconstructedAudioColumnName { get; set; } = "ReconstructedAudio";

    /// <summary>The column that the labels' probabilities are written to. The default is "Score".</summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the label is written to. The default is "PredictedLabel".</summary>
    [Required]
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// The column that what the label's scores look at is written to: a vector of Single; for each window of the video, one after the
    /// other, the weights of its patches of audio, of its patches of 4 x 4 pixels, frame by frame and row by row, and of the masked
    /// label. All add up to 1. Null, the default, computes none; the other columns are the same either way. See docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    /// <summary>What training learns, and what it masks meanwhile: the weights of the losses, the points of a step, the masks.</summary>
    [ForTraining]
    [Required]
    public PerceiverAutoencodingOptions Autoencoding { get; set; } = new();

    internal override IReadOnlyList<InputColumn> Inputs => new VideoReader(this, PerceiverMultimodalExtents.Of(Checkpoint!.Config)).Inputs;

    private protected override void CheckTogether()
    {
        if (FrameColumnNames is null && string.IsNullOrEmpty(FramesColumnName))
            throw new ArgumentException($"{nameof(FramesColumnName)} must not be empty.", nameof(FramesColumnName));
        if (FrameColumnNames is { } names && (names.Count == 0 || names.Any(string.IsNullOrEmpty)))
            throw new ArgumentException("FrameColumnNames must have a name for each frame, or be null.", nameof(FrameColumnNames));
        PixelShape.CheckTogether(PixelHeight, PixelWidth);
        Autoencoding.Validate();
    }

    private protected override void CheckStart()
    {
        if (Training is null && LabelColumnName is not null)
            throw OptionChecks.NoTraining(nameof(LabelColumnName));
        if (Checkpoint is null)
        {
            throw new ArgumentException(
                "Multimodal autoencoding needs a checkpoint; PerceiverCheckpoint.FromConfig makes one of random weights.",
                nameof(Checkpoint));
        }
    }

    internal override IReadOnlyList<string> Heads => [nameof(PerceiverForMultimodalAutoencoding)];
}
