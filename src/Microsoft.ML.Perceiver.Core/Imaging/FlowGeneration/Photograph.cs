namespace Microsoft.ML.Perceiver;

/// <summary>A photograph in its own and smaller sizes, so that small scales do not alias.</summary>
internal sealed class Photograph
{
    private const int SmallestSide = 48;
    private readonly PerceiverImage[] _sizes;

    internal Photograph(PerceiverImage image)
    {
        var sizes = new List<PerceiverImage> { RgbPlanes.Of(image) };
        while (Math.Min(sizes[^1].Height, sizes[^1].Width) >= 2 * SmallestSide)
            sizes.Add(PlaneResizer.Resize(sizes[^1], sizes[^1].Height / 2, sizes[^1].Width / 2));
        _sizes = [.. sizes];
    }

    /// <summary>The size that fits a scale best, and the scale relative to it.</summary>
    /// <param name="scale">Pixels of the photograph for each rendered pixel.</param>
    internal (PerceiverImage Image, float Scale) At(double scale)
    {
        int level = Math.Clamp((int)Math.Round(Math.Log2(scale)), 0, _sizes.Length - 1);
        return (_sizes[level], (float)(scale / (1 << level)));
    }
}
