namespace Microsoft.ML.Perceiver;

/// <summary>Settings of features of texts, or of pictures where <see cref="ImageColumnName"/> is set.</summary>
public sealed class PerceiverFeaturesOptions : PerceiverTextOptions
{
    /// <summary>The column that the features are written to. The default is "Features".</summary>
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>What is taken of a text or a picture. The default is the mean latent.</summary>
    public PerceiverFeaturesKind Kind { get; set; } = PerceiverFeaturesKind.MeanLatent;

    /// <summary>The column with the picture, as in <see cref="PerceiverImageOptions.ImageColumnName"/>; null, the default, for features of texts.</summary>
    public string? ImageColumnName { get; set; }

    /// <summary>How pictures are cut, resized and normalised, as in <see cref="PerceiverImageOptions.ImageProcessor"/>; null, the default, takes the checkpoint's.</summary>
    public PerceiverImageProcessorOptions? ImageProcessor { get; set; }

    /// <summary>As <see cref="PerceiverImageOptions.PixelHeight"/>; the default is null.</summary>
    public int? PixelHeight { get; set; }

    /// <summary>As <see cref="PerceiverImageOptions.PixelWidth"/>; the default is null.</summary>
    public int? PixelWidth { get; set; }

    /// <summary>As <see cref="PerceiverImageOptions.PixelLayout"/>; the default is a plane for each channel.</summary>
    public PerceiverImageLayout PixelLayout { get; set; } = PerceiverImageLayout.ChannelsFirst;

    /// <summary>As <see cref="PerceiverImageOptions.InterpolatePositions"/>; the default is false.</summary>
    public bool InterpolatePositions { get; set; }

    internal override void Validate()
    {
        base.Validate();
        RequireName(OutputColumnName, nameof(OutputColumnName));
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There are no such features.");
        if (Checkpoint is null)
            throw new ArgumentException("Features need a checkpoint.", nameof(Checkpoint));
        Image?.Validate();
    }

    /// <summary>What is said of pictures; null where texts are read.</summary>
    internal ImageFeaturesOptions? Image => ImageColumnName is null ? null : new ImageFeaturesOptions(this);

    /// <summary>The column that is read.</summary>
    internal IReadOnlyList<InputColumn> Inputs => [Image?.ImageInput ?? TextInput];
}
