namespace Microsoft.ML.Perceiver;

/// <summary>How a part encodes positions (the arguments of the reference's <c>build_position_encoding</c>).</summary>
public sealed record PerceiverPositionEncodingOptions
{
    /// <summary>The kind; the settings of that kind must be given.</summary>
    public PerceiverPositionEncodingKind Kind { get; init; } = PerceiverPositionEncodingKind.Trainable;

    /// <summary>Settings of trainable positions.</summary>
    public PerceiverTrainablePositionOptions? Trainable { get; init; }

    /// <summary>Settings of Fourier positions.</summary>
    public PerceiverFourierPositionOptions? Fourier { get; init; }

    /// <summary>Width that the projection reads; null takes the encoding's own.</summary>
    public int? OutChannels { get; init; }

    /// <summary>Width that the encoding is projected to; -1 for no projection.</summary>
    public int ProjectPositionChannels { get; init; } = -1;

    /// <summary>Trainable positions with these settings.</summary>
    /// <param name="numChannels">Width of a position's vector.</param>
    /// <param name="indexDims">The extent of each axis.</param>
    /// <returns>The settings of the positions.</returns>
    public static PerceiverPositionEncodingOptions ForTrainable(int numChannels, params IReadOnlyList<int> indexDims) =>
        new() { Trainable = new PerceiverTrainablePositionOptions(numChannels, indexDims) };

    /// <summary>Fourier positions with these settings.</summary>
    /// <param name="fourier">The settings.</param>
    /// <returns>The settings of the positions.</returns>
    public static PerceiverPositionEncodingOptions ForFourier(PerceiverFourierPositionOptions fourier) =>
        new() { Kind = PerceiverPositionEncodingKind.Fourier, Fourier = fourier };
}
