namespace Microsoft.ML.Perceiver;

/// <summary>The crop of <see cref="CropWindow"/> in a graph whose images have any size.</summary>
internal static class OnnxImageCrop
{
    /// <summary>The part of images that the settings describe; pixels outside an image are black.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="images">Bytes [batch, height, width, channels].</param>
    /// <param name="options">The image processor's settings.</param>
    internal static OnnxValue Of(OnnxBuilder builder, OnnxValue images, PerceiverImageProcessorOptions options)
    {
        var shorter = builder.Cast(builder.Smaller(builder.Size(images[1]), builder.Size(images[2])), OnnxElement.Double);
        var rows = Axis(builder, images, 1, (double)options.Size.Height / options.CropSize.Height, shorter, "crop_height");
        return Axis(builder, rows, 2, (double)options.Size.Width / options.CropSize.Width, shorter, "crop_width");
    }

    private static OnnxValue Axis(OnnxBuilder builder, OnnxValue images, int axis, double share, OnnxValue shorter, string name)
    {
        var wanted = builder.Cast(builder.Multiply(builder.Double(share), shorter), OnnxElement.Int64);
        var crop = builder.Larger(wanted, builder.Integer(1));
        var (zero, two) = (builder.Integer(0), builder.Integer(2));
        var image = builder.Size(images[axis]);
        // Up to the shorter side, the crop is never larger than the image.
        if (share > 1)
        {
            var missing = builder.Larger(builder.Minus(crop, image), zero);
            images = builder.Pad(images, axis, builder.Named($"{name}_padding", builder.Divide(missing, two)));
            crop = builder.Minus(crop, builder.Remainder(missing, two));
        }

        var excess = builder.Larger(builder.Minus(image, crop), zero);
        return builder.Narrow(
            images, axis, builder.Named($"{name}_start", builder.Divide(excess, two)), builder.Named(name, crop));
    }
}
