namespace Microsoft.ML.Perceiver;

/// <summary>The shapes of the resampling filters, as Pillow defines them.</summary>
internal static class ResampleFilter
{
    /// <summary>The parameter of the bicubic filter.</summary>
    internal const double CubicA = -0.5;

    /// <summary>The extent of the filter to each side, in pixels.</summary>
    internal static double Support(PerceiverResampling resampling) => resampling switch
    {
        PerceiverResampling.Box => 0.5,
        PerceiverResampling.Bilinear or PerceiverResampling.Hamming => 1,
        PerceiverResampling.Bicubic => 2,
        PerceiverResampling.Lanczos => 3,
        _ => throw new ArgumentOutOfRangeException(nameof(resampling), resampling, $"{resampling} has no filter."),
    };

    /// <summary>The value of the filter at a distance from its centre.</summary>
    internal static double Value(PerceiverResampling resampling, double x) => resampling switch
    {
        PerceiverResampling.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        PerceiverResampling.Bilinear => Math.Max(1 - Math.Abs(x), 0),
        PerceiverResampling.Hamming => Hamming(Math.Abs(x)),
        PerceiverResampling.Bicubic => Cubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    private static double Cubic(double x) => x switch
    {
        < 1 => ((CubicA + 2) * x - (CubicA + 3)) * x * x + 1,
        < 2 => (((x - 5) * x + 8) * x - 4) * CubicA,
        _ => 0,
    };

    private static double Hamming(double x) => x < 1 ? Sinc(x) * (0.54 + 0.46 * Math.Cos(x * Math.PI)) : 0;

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
