namespace Microsoft.ML.Perceiver;

/// <summary>The constructor arguments of the reference's <c>PerceiverImagePreprocessor</c>, with its defaults.</summary>
public sealed record PerceiverImagePreprocessorOptions
{
    /// <summary>How images become vectors.</summary>
    public PerceiverImagePrepType PrepType { get; init; } = PerceiverImagePrepType.Conv;

    /// <summary>
    /// The factor by which height and width shrink: for <see cref="PerceiverImagePrepType.Conv"/> a power of 4, 1 among them, which changes
    /// nothing there; any number else.
    /// </summary>
    public int SpatialDownsample { get; init; } = 4;

    /// <summary>How many frames become one; 1 for convolutions.</summary>
    public int TemporalDownsample { get; init; } = 1;

    /// <summary>
    /// The positions; their <see cref="PerceiverPositionEncodingOptions.OutChannels"/> follow from <see cref="OutChannels"/>.
    /// </summary>
    public PerceiverPositionEncodingOptions PositionEncoding { get; init; } = new() { Kind = PerceiverPositionEncodingKind.Fourier };

    /// <summary>Channels of the image.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>
    /// Channels of convolutions and of the affine map after patching, and the width that a projection of positions reads.
    /// </summary>
    public int OutChannels { get; init; } = 64;

    /// <summary>Whether patches go through an affine map (the reference's <c>conv_after_patching</c>).</summary>
    public bool LinearAfterPatching { get; init; }

    /// <summary>Width of the patches that the map reads (the reference's <c>conv_after_patching_in_channels</c>).</summary>
    public int LinearAfterPatchingInChannels { get; init; } = 54;

    /// <summary>Whether the convolution of <see cref="PerceiverImagePrepType.Conv"/> is followed by batch normalisation.</summary>
    public bool UseBatchNorm { get; init; } = true;

    /// <summary>How positions are combined with the inputs.</summary>
    public PerceiverPositionCombination PositionCombination { get; init; } = PerceiverPositionCombination.Concat;
}
