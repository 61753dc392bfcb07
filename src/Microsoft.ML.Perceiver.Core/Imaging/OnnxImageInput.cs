namespace Microsoft.ML.Perceiver;

/// <summary>Images as the input of a graph, which makes the pixels of them that <see cref="PerceiverImageProcessor"/> makes.</summary>
internal static class OnnxImageInput
{
    /// <summary>The name of the input.</summary>
    internal const string Name = "image";

    private const int Channels = 3;

    /// <summary>Adds the input, bytes [batch, height, width, 3], and what makes pixels of it.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="options">The image processor's settings.</param>
    /// <param name="extents">Height and width of the result.</param>
    /// <returns>float32 [batch, 3, height, width].</returns>
    internal static OnnxValue Add(OnnxBuilder builder, PerceiverImageProcessorOptions options, OnnxExtents extents)
    {
        if (!options.DoResize)
        {
            // Images of the model's size, which their shape says.
            var exact = builder.Input(Name, OnnxElement.UInt8, "batch", extents.Height, extents.Width, Channels);
            return Normalised(builder, builder.Transpose(exact, 0, 3, 1, 2), options);
        }

        var images = builder.Input(Name, OnnxElement.UInt8, "batch", "height", "width", Channels);
        if (options.DoCenterCrop)
            images = OnnxImageCrop.Of(builder, images, options);
        var planes = builder.Transpose(images, 0, 3, 1, 2);
        return Normalised(builder, OnnxResampling.Resize(builder, planes, extents.Height, extents.Width, options.Resample), options);
    }

    /// <summary>Bytes rescaled in float64 and normalised in float32, as <see cref="ChannelTables"/> has them.</summary>
    private static OnnxValue Normalised(OnnxBuilder builder, OnnxValue planes, PerceiverImageProcessorOptions options)
    {
        var pixels = options.DoRescale
            ? builder.Multiply(builder.Cast(planes, OnnxElement.Double), builder.Double(options.RescaleFactor))
            : planes;
        pixels = builder.Cast(pixels, OnnxElement.Float);
        if (!options.DoNormalize)
            return pixels;
        var mean = ByChannel(builder, options.ImageMean);
        return builder.Divide(builder.Minus(pixels, mean), ByChannel(builder, options.ImageStd));
    }

    private static OnnxValue ByChannel(OnnxBuilder builder, IReadOnlyList<double> values) =>
        builder.Reshape(builder.Floats(values), values.Count, 1, 1);
}
