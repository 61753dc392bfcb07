namespace Microsoft.ML.Perceiver;

/// <summary>Checks of an image processor's settings; the messages name the keys of the file.</summary>
internal static class ImageOptionChecks
{
    /// <summary>The longest side of a result, in pixels; longer ones are mistakes, and would take gigabytes of memory.</summary>
    internal const int MaxSide = 1 << 15;

    /// <summary>The most pixels of a result, for which the processor needs 0.8 GB.</summary>
    internal const long MaxPixels = 1L << 26;

    internal static void Check(PerceiverImageProcessorOptions o)
    {
        Size(o.Size, "size");
        Size(o.CropSize, "crop_size");
        if (!Enum.IsDefined(o.Resample))
        {
            throw new ArgumentException(
                $"resample is {(int)o.Resample}; it must be 0 (nearest), 1 (Lanczos), 2 (bilinear), 3 (bicubic), 4 (box) or 5 (Hamming).");
        }

        if (!double.IsFinite(o.RescaleFactor))
            throw new ArgumentException($"rescale_factor is {o.RescaleFactor}; it must be finite.");
        Values(o.ImageMean, "image_mean");
        Values(o.ImageStd, "image_std");
        // In float32, in which the division is computed.
        if (o.ImageStd.Any(s => (float)s == 0))
            throw new ArgumentException($"image_std is [{string.Join(", ", o.ImageStd)}]; it must not be zero.");
        if (o.ImageProcessorType is null)
            throw new ArgumentException("image_processor_type is null.");
    }

    /// <summary>Checks that there is one mean, or one for each channel.</summary>
    internal static void CheckChannels(PerceiverImageProcessorOptions o, int channels)
    {
        if (!o.DoNormalize)
            return;
        Count(o.ImageMean, "image_mean", channels);
        Count(o.ImageStd, "image_std", channels);
    }

    private static void Count(IReadOnlyList<double> values, string key, int channels)
    {
        if (values.Count != 1 && values.Count != channels)
        {
            throw new ArgumentException(
                $"{key} has {values.Count} values, but the result has {channels} channel{(channels == 1 ? "" : "s")}.");
        }
    }

    private static void Values(IReadOnlyList<double>? values, string key)
    {
        if (values is null || values.Count is not (1 or 3))
        {
            string given = values?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";
            throw new ArgumentException($"{key} must be one number or one for each of 3 channels, not {given}.");
        }

        if (!values.All(double.IsFinite))
            throw new ArgumentException($"{key} is [{string.Join(", ", values)}]; it must be finite.");
    }

    private static void Size(PerceiverImageSize size, string key)
    {
        Side(size.Height, key);
        Side(size.Width, key);
        if ((long)size.Height * size.Width > MaxPixels)
            throw new ArgumentException($"{key} is {size.Height} x {size.Width} pixels; the limit is {MaxPixels} pixels.");
    }

    private static void Side(int value, string key)
    {
        if (value is <= 0 or > MaxSide)
            throw new ArgumentException($"{key} has a side of {value} pixels; it must be from 1 to {MaxSide}.");
    }
}
