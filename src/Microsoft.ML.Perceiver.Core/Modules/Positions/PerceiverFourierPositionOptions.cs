namespace Microsoft.ML.Perceiver;

/// <summary>Settings of Fourier positions (the reference's <c>fourier_position_encoding_kwargs</c>).</summary>
/// <param name="NumBands">Frequencies for each axis, from 1 to half its resolution, evenly spaced.</param>
/// <param name="MaxResolution">The finest resolution of each axis.</param>
/// <param name="ConcatPosition">Whether the position itself is put before its sines and cosines.</param>
/// <param name="SineOnly">Whether the cosines are left out.</param>
public sealed record PerceiverFourierPositionOptions(
    int NumBands, IReadOnlyList<int> MaxResolution, bool ConcatPosition = true, bool SineOnly = false)
{
    /// <summary>Width of the encoding.</summary>
    public int OutputChannels =>
        NumBands * MaxResolution.Count * (SineOnly ? 1 : 2) + (ConcatPosition ? MaxResolution.Count : 0);
}
