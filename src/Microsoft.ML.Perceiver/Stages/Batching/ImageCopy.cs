using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>Copies of ML.NET's images, which live as long as their reader wants.</summary>
internal static class ImageCopy
{
    private static readonly ConditionalWeakTable<MLImage, Pressure> s_pressures = [];

    /// <summary>A copy with the same pixels, colour order and alpha; null of null.</summary>
    /// <exception cref="ObjectDisposedException">The image was disposed.</exception>
    internal static MLImage? Of(MLImage? image)
    {
        if (image is null)
            return null;
        var bitmap = MlNetInternals.BitmapOf(image) ?? throw new ObjectDisposedException(nameof(MLImage));
        var pixels = bitmap.Copy() ?? throw new InsufficientMemoryException(
            $"There is no memory for another image of {bitmap.Width} x {bitmap.Height} pixels.");
        var copy = MlNetInternals.CreateImage(pixels);
        copy.Tag = image.Tag;
        return copy;
    }

    /// <summary>
    /// Tells the garbage collector of the pixels of an image that is given to a reader, who may dispose it or not: they are not in its own
    /// memory, and it would collect the images of a long video too late.
    /// </summary>
    internal static MLImage WithMemoryPressure(MLImage image)
    {
        s_pressures.Add(image, new Pressure(Math.Max(1, MlNetInternals.BitmapOf(image)!.ByteCount)));
        return image;
    }

    private sealed class Pressure
    {
        private readonly long _bytes;

        internal Pressure(long bytes)
        {
            _bytes = bytes;
            GC.AddMemoryPressure(bytes);
        }

        ~Pressure() => GC.RemoveMemoryPressure(_bytes);
    }
}
