namespace Microsoft.ML.Perceiver;

/// <summary>Settings of multimodal autoencoding: videos with their sound, given back, and classified.</summary>
public sealed class PerceiverMultimodalOptions : PerceiverOptions
{
    /// <summary>Makes the default settings: one window goes through the model at a time, as a video is large.</summary>
    public PerceiverMultimodalOptions() => BatchSize = 1;

    /// <summary>The weights to start from; its configuration says how long a window is. The default is none, which is an error.</summary>
    public PerceiverCheckpoint? Checkpoint { get; set; }

    /// <summary>
    /// The column with the video: frames x 3 x height x width as a vector of Single or Byte, each from 0 to 255, red before green and blue. The
    /// default is "Frames".
    /// </summary>
    public string FramesColumnName { get; set; } = "Frames";

    /// <summary>
    /// The columns with the video's frames in their order, each an <c>MLImage</c> of any size, instead of <see cref="FramesColumnName"/> (ML.NET
    /// has no vectors of images); null, the default, for none.
    /// </summary>
    public IReadOnlyList<string>? FrameColumnNames { get; set; }

    /// <summary>The height of frames that come as a vector, in pixels; null, the default, for the model's. Other frames are resized, bicubic.</summary>
    public int? PixelHeight { get; set; }

    /// <summary>The width of frames that come as a vector, in pixels; null, the default, for the model's.</summary>
    public int? PixelWidth { get; set; }

    /// <summary>
    /// The column with the sound, a vector of Single from about -1 to 1, of one channel: <see cref="PerceiverConfig.AudioSamplesPerFrame"/> samples
    /// for each frame. Sound of another rate is refused. The default is "Audio".
    /// </summary>
    public string AudioColumnName { get; set; } = "Audio";

    /// <summary>The column with the right label, a key, read by training alone; null, the default, learns no label.</summary>
    public string? LabelColumnName { get; set; }

    /// <summary>The column that the video is written to as the model gives it back, as a vector of Single. The default is "ReconstructedFrames".</summary>
    public string ReconstructedFramesColumnName { get; set; } = "ReconstructedFrames";

    /// <summary>The column that the sound is written to as the model gives it back. The default is "ReconstructedAudio".</summary>
    public string ReconstructedAudioColumnName { get; set; } = "ReconstructedAudio";

    /// <summary>The column that the labels' probabilities are written to. The default is "Score".</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the label is written to. The default is "PredictedLabel".</summary>
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>How to train; null, the default, takes the checkpoint's weights as they are.</summary>
    public PerceiverTrainingOptions? Training { get; set; }

    /// <summary>What training learns, and what it hides meanwhile: the weights of the losses, the points of a step, the masks.</summary>
    public PerceiverAutoencodingOptions Autoencoding { get; set; } = new();

    /// <summary>
    /// Rows to choose the best epoch by; null, the default, sets <see cref="PerceiverTrainingOptions.ValidationFraction"/> of the training rows'
    /// windows aside.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    internal override void Validate()
    {
        base.Validate();
        RequireName(AudioColumnName, nameof(AudioColumnName));
        if (FrameColumnNames is null)
            RequireName(FramesColumnName, nameof(FramesColumnName));
        else if (FrameColumnNames.Count == 0 || FrameColumnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException($"{nameof(FrameColumnNames)} must have a name for each frame, or be null.", nameof(FrameColumnNames));
        foreach (var (name, property) in new[]
        {
            (ReconstructedFramesColumnName, nameof(ReconstructedFramesColumnName)), (ReconstructedAudioColumnName, nameof(ReconstructedAudioColumnName)),
            (ScoreColumnName, nameof(ScoreColumnName)), (PredictedLabelColumnName, nameof(PredictedLabelColumnName)),
        })
            RequireName(name, property);
        if (LabelColumnName is { Length: 0 })
            throw new ArgumentException($"{nameof(LabelColumnName)} must have a name, or be null.", nameof(LabelColumnName));
        RequirePixelSize(PixelHeight, PixelWidth);
        ArgumentNullException.ThrowIfNull(Autoencoding);
        Autoencoding.Validate();
        Training?.Validate();
        RequireTraining(Training, ValidationSet is not null, nameof(ValidationSet));
        RequireTraining(Training, LabelColumnName is not null, nameof(LabelColumnName));
        RequireTraining(Training, Autoencoding != new PerceiverAutoencodingOptions(), nameof(Autoencoding));
        if (Checkpoint is null)
            throw new ArgumentException("Multimodal autoencoding needs a checkpoint; PerceiverCheckpoint.FromConfig makes one of random weights.", nameof(Checkpoint));
    }
}
