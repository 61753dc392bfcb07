using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of features of texts, or of images with <see cref="ImageColumnName"/>. They need a checkpoint, and are not trained.
/// </summary>
public sealed class PerceiverFeaturesOptions : PerceiverTextOptions, IImageOptions
{
    /// <summary>The column that the features are written to. The default is "Features".</summary>
    [Required]
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>What is taken of a text or an image. The default is the mean latent.</summary>
    public PerceiverFeaturesKind Kind { get; set; } = PerceiverFeaturesKind.MeanLatent;

    /// <summary>The column with the image, an MLImage or its pixels as a vector; null, the default, for features of texts.</summary>
    [MinLength(1)]
    public string? ImageColumnName { get; set; }

    /// <inheritdoc cref="PerceiverImageOptions.ImageProcessor"/>
    [NotSaved]
    public PerceiverImageProcessorOptions? ImageProcessor { get; set; }

    /// <inheritdoc cref="PerceiverImageOptions.PixelHeight"/>
    [Range(1, int.MaxValue)]
    public int? PixelHeight { get; set; }

    /// <inheritdoc cref="PerceiverImageOptions.PixelWidth"/>
    [Range(1, int.MaxValue)]
    public int? PixelWidth { get; set; }

    /// <inheritdoc cref="PerceiverImageOptions.PixelLayout"/>
    public PerceiverImageLayout PixelLayout { get; set; } = PerceiverImageLayout.ChannelsFirst;

    /// <inheritdoc cref="PerceiverImageOptions.PixelRange"/>
    public PerceiverPixelRange PixelRange { get; set; }

    /// <inheritdoc cref="PerceiverImageOptions.InterpolatePositions"/>
    public bool InterpolatePositions { get; set; }

    string IImageOptions.ImageColumnName => ImageColumnName!;

    internal override IReadOnlyList<InputColumn> Inputs =>
        ImageColumnName is null ? base.Inputs : [((IImageOptions)this).CreateReader().Input];

    private protected override void CheckTogether() => ((IImageOptions)this).CheckTogether();

    private protected override void CheckStart()
    {
        if (Checkpoint is null)
            throw new ArgumentException("Features need a checkpoint.", nameof(Checkpoint));
        if (Training is not null)
            throw new ArgumentException("Features are not trained: train a head, and give its checkpoint.", nameof(Training));
    }

    internal override IReadOnlyList<string> Heads => ImageColumnName is null ? HeadNames.Texts : HeadNames.Images;

    internal override string HeadRemedy => ImageColumnName is null
        ? $" Set {nameof(ImageColumnName)} for a checkpoint that reads images."
        : $" Leave {nameof(ImageColumnName)} out for a checkpoint that reads texts.";
}
