namespace Microsoft.ML.Perceiver;

/// <summary>A photograph at its own and smaller sizes, so that what is drawn small is not coarse.</summary>
internal sealed class Photograph
{
    private const int SmallestSide = 48;
    private readonly PerceiverImage[] _sizes;

    internal Photograph(PerceiverImage image)
    {
        var sizes = new List<PerceiverImage> { RgbPlanes.Of(image) };
        while (Math.Min(sizes[^1].Height, sizes[^1].Width) >= 2 * SmallestSide)
            sizes.Add(RgbPlanes.Resize(sizes[^1], sizes[^1].Height / 2, sizes[^1].Width / 2));
        _sizes = [.. sizes];
    }

    /// <summary>The size whose pixels are nearest to one pixel drawn, and how many of its pixels those are.</summary>
    /// <param name="scale">The photograph's own pixels for a pixel drawn.</param>
    internal (PerceiverImage Image, float Scale) At(double scale)
    {
        int level = Math.Clamp((int)Math.Round(Math.Log2(scale)), 0, _sizes.Length - 1);
        return (_sizes[level], (float)(scale / (1 << level)));
    }
}
