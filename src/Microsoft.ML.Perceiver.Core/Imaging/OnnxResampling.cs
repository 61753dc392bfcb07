namespace Microsoft.ML.Perceiver;

/// <summary>
/// The resize of <see cref="ImageResampler"/> in a graph whose images have any size. ONNX's own Resize has not all of the filters, and its
/// scale is a float32, so that its pixels are not always Pillow's. Here the graph computes the weights of Pillow, whole numbers of 22
/// fractional bits, as a matrix for each axis. Products with them are whole numbers that float64 holds: their sums are exact.
/// </summary>
internal static class OnnxResampling
{
    private const double One = 1 << ResampleWeights.FractionBits;

    /// <summary>Resizes images.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="planes">Bytes [batch, channels, height, width].</param>
    /// <param name="height">The height of the result.</param>
    /// <param name="width">The width of the result.</param>
    /// <param name="resampling">The filter.</param>
    /// <returns>Whole numbers from 0 to 255, bytes or float64, [batch, channels, height, width].</returns>
    internal static OnnxValue Resize(OnnxBuilder builder, OnnxValue planes, int height, int width, PerceiverResampling resampling)
    {
        if (resampling == PerceiverResampling.Nearest)
        {
            var columns = builder.Gather(planes, Nearest(builder, planes[3], width), 3);
            return builder.Gather(columns, Nearest(builder, planes[2], height), 2);
        }

        var across = builder.Transpose(Weights(builder, planes[3], width, resampling), 1, 0);
        var rows = ToBytes(builder, builder.MatMul(builder.Cast(planes, OnnxElement.Double), across));
        return ToBytes(builder, builder.MatMul(Weights(builder, planes[2], height, resampling), rows));
    }

    /// <summary>Sums of products as Pillow makes bytes of them after each of its two passes; the type stays float64.</summary>
    private static OnnxValue ToBytes(OnnxBuilder builder, OnnxValue sums)
    {
        var numbers = builder.Multiply(builder.Plus(sums, builder.Double(One / 2)), builder.Double(1 / One));
        return builder.Clamp(builder.Floor(numbers), 0, byte.MaxValue);
    }

    /// <summary>The weights of <see cref="ResampleWeights"/>, [output, input]; the steps are the same and in the same order.</summary>
    private static OnnxValue Weights(OnnxBuilder builder, OnnxDimension input, int output, PerceiverResampling resampling)
    {
        var half = builder.Double(0.5);
        var scale = Scale(builder, input, output);
        var stretch = builder.Larger(scale, builder.Double(1));
        var support = builder.Multiply(builder.Double(ResampleFilter.Support(resampling)), stretch);
        var outputs = builder.Cast(builder.Unsqueeze(builder.Range(output), 1), OnnxElement.Double);
        var centre = builder.Multiply(builder.Plus(outputs, half), scale);
        var start = builder.Cast(builder.Plus(builder.Minus(centre, support), half), OnnxElement.Int64);
        var end = builder.Cast(builder.Plus(builder.Plus(centre, support), half), OnnxElement.Int64);

        var inputs = builder.Unsqueeze(builder.Range(input), 0);
        var distance = builder.Plus(builder.Minus(builder.Cast(inputs, OnnxElement.Double), centre), half);
        var values = OnnxResampleFilter.Values(
            builder, resampling, builder.Multiply(distance, builder.Divide(builder.Double(1), stretch)));
        var zero = builder.Double(0);
        values = builder.Choose(builder.IsLess(inputs, end), values, zero);
        values = builder.Choose(builder.IsAtLeast(inputs, start), values, zero);
        return Whole(builder, builder.Multiply(builder.Divide(values, builder.SumOf(values, 1, keep: true)), builder.Double(One)));
    }

    /// <summary>Rounded to whole numbers, halves away from zero.</summary>
    private static OnnxValue Whole(OnnxBuilder builder, OnnxValue x)
    {
        var half = builder.Double(0.5);
        var isNegative = builder.IsLess(x, builder.Double(0));
        var moved = builder.Choose(isNegative, builder.Minus(x, half), builder.Plus(x, half));
        return builder.Cast(builder.Cast(moved, OnnxElement.Int64), OnnxElement.Double);
    }

    /// <summary>The input pixel of each output pixel, as <see cref="NearestResampler"/> finds it: by adding up steps.</summary>
    private static OnnxValue Nearest(OnnxBuilder builder, OnnxDimension input, int output)
    {
        var step = Scale(builder, input, output);
        var isFirst = builder.AreEqual(builder.Range(output), builder.Integer(0));
        var steps = builder.Choose(isFirst, builder.Multiply(step, builder.Double(0.5)), step);
        var places = builder.Cast(builder.RunningSum(steps, 0, withItself: true), OnnxElement.Int64);
        return builder.Smaller(places, builder.Minus(builder.Size(input), builder.Integer(1)));
    }

    private static OnnxValue Scale(OnnxBuilder builder, OnnxDimension input, int output) =>
        builder.Divide(builder.Cast(builder.Size(input), OnnxElement.Double), builder.Double(output));
}
