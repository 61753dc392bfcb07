namespace Microsoft.ML.Perceiver;

/// <summary>The filters of <see cref="ResampleFilter"/> in a graph, with the same steps in the same order.</summary>
internal static class OnnxResampleFilter
{
    /// <summary>The values of a filter at distances from its centre.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="resampling">The filter.</param>
    /// <param name="x">The distances, float64.</param>
    internal static OnnxValue Values(OnnxBuilder builder, PerceiverResampling resampling, OnnxValue x) => resampling switch
    {
        PerceiverResampling.Box => Box(builder, x),
        PerceiverResampling.Bilinear => builder.Larger(
            builder.Minus(builder.Double(1), builder.Magnitude(x)), builder.Double(0)),
        PerceiverResampling.Hamming => Hamming(builder, builder.Magnitude(x)),
        PerceiverResampling.Bicubic => Cubic(builder, builder.Magnitude(x)),
        PerceiverResampling.Lanczos => Lanczos(builder, x),
        _ => throw new ArgumentOutOfRangeException(nameof(resampling), resampling, $"{resampling} has no filter."),
    };

    private static OnnxValue Box(OnnxBuilder builder, OnnxValue x)
    {
        var (half, zero) = (builder.Double(0.5), builder.Double(0));
        var upTo = builder.Choose(builder.IsAtLeast(half, x), builder.Double(1), zero);
        return builder.Choose(builder.IsLess(builder.Double(-0.5), x), upTo, zero);
    }

    private static OnnxValue Cubic(OnnxBuilder builder, OnnxValue x)
    {
        var (a, one) = (builder.Double(ResampleFilter.CubicA), builder.Double(1));
        var inner = builder.Minus(
            builder.Multiply(builder.Double(ResampleFilter.CubicA + 2), x), builder.Double(ResampleFilter.CubicA + 3));
        inner = builder.Plus(builder.Multiply(builder.Multiply(inner, x), x), one);
        var outer = builder.Plus(builder.Multiply(builder.Minus(x, builder.Double(5)), x), builder.Double(8));
        outer = builder.Multiply(builder.Minus(builder.Multiply(outer, x), builder.Double(4)), a);
        outer = builder.Choose(builder.IsLess(x, builder.Double(2)), outer, builder.Double(0));
        return builder.Choose(builder.IsLess(x, one), inner, outer);
    }

    private static OnnxValue Hamming(OnnxBuilder builder, OnnxValue x)
    {
        // The cosine; ONNX Runtime has that of float32 alone.
        var angle = builder.Plus(builder.Multiply(x, builder.Double(Math.PI)), builder.Double(Math.PI / 2));
        var window = builder.Plus(builder.Double(0.54), builder.Multiply(builder.Double(0.46), builder.Sine(angle)));
        var values = builder.Multiply(Sinc(builder, x), window);
        return builder.Choose(builder.IsLess(x, builder.Double(1)), values, builder.Double(0));
    }

    private static OnnxValue Lanczos(OnnxBuilder builder, OnnxValue x)
    {
        var (three, zero) = (builder.Double(3), builder.Double(0));
        var values = builder.Multiply(Sinc(builder, x), Sinc(builder, builder.Divide(x, three)));
        values = builder.Choose(builder.IsLess(x, three), values, zero);
        return builder.Choose(builder.IsAtLeast(x, builder.Double(-3)), values, zero);
    }

    private static OnnxValue Sinc(OnnxBuilder builder, OnnxValue x)
    {
        var one = builder.Double(1);
        var isZero = builder.AreEqual(x, builder.Double(0));
        // The divisor is never zero.
        var angle = builder.Multiply(builder.Choose(isZero, one, x), builder.Double(Math.PI));
        return builder.Choose(isZero, one, builder.Divide(builder.Sine(angle), angle));
    }
}
