namespace Microsoft.ML.Perceiver;

/// <summary>The constructor arguments of the reference's <c>PerceiverAudioPreprocessor</c>, with its defaults.</summary>
public sealed record PerceiverAudioPreprocessorOptions
{
    /// <summary>How audio becomes vectors.</summary>
    public PerceiverAudioPrepType PrepType { get; init; } = PerceiverAudioPrepType.Patches;

    /// <summary>Samples in a patch.</summary>
    public int SamplesPerPatch { get; init; } = 96;

    /// <summary>
    /// The positions; their <see cref="PerceiverPositionEncodingOptions.OutChannels"/> follow from <see cref="OutChannels"/>.
    /// </summary>
    public PerceiverPositionEncodingOptions PositionEncoding { get; init; } = new() { Kind = PerceiverPositionEncodingKind.Fourier };

    /// <summary>The width that a projection of positions reads.</summary>
    public int OutChannels { get; init; } = 64;

    /// <summary>How positions are combined with the samples.</summary>
    public PerceiverPositionCombination PositionCombination { get; init; } = PerceiverPositionCombination.Concat;
}
