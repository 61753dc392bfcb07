namespace Microsoft.ML.Perceiver;

/// <summary>The texture of a layer: a part of a photograph, rotated, scaled and mirrored at its borders.</summary>
internal readonly struct LayerTexture
{
    private readonly PerceiverImage _image;
    private readonly float _x, _y, _cos, _sin, _gain, _offset;

    private LayerTexture(IReadOnlyList<Photograph> photographs, PerceiverRandom random)
    {
        (_image, float scale) = photographs[random.Next(photographs.Count)].At(Math.Pow(2, 2.5 * random.NextDouble() - 1));
        (_x, _y) = ((float)(_image.Width * random.NextDouble()), (float)(_image.Height * random.NextDouble()));
        double angle = 2 * Math.PI * random.NextDouble();
        (_cos, _sin) = ((float)(scale * Math.Cos(angle)), (float)(scale * Math.Sin(angle)));
        _gain = (float)(0.6 + 0.7 * random.NextDouble());
        _offset = (float)(255 * (0.4 * random.NextDouble() - 0.2));
    }

    internal static LayerTexture Draw(IReadOnlyList<Photograph> photographs, PerceiverRandom random) => new(photographs, random);

    /// <summary>The colour at a position of the first frame, interpolated bilinearly.</summary>
    internal (float R, float G, float B) At(float x, float y)
    {
        float sourceX = _x + _cos * x - _sin * y, sourceY = _y + _sin * x + _cos * y;
        float floorX = MathF.Floor(sourceX), floorY = MathF.Floor(sourceY);
        int left = Mirror((int)floorX, _image.Width), right = Mirror((int)floorX + 1, _image.Width);
        int top = Mirror((int)floorY, _image.Height) * _image.Width, bottom = Mirror((int)floorY + 1, _image.Height) * _image.Width;
        float across = sourceX - floorX, down = sourceY - floorY;
        int plane = _image.Height * _image.Width;
        var pixels = _image.Pixels.Span;
        return (
            Blend(pixels[..plane], left, right, top, bottom, across, down),
            Blend(pixels.Slice(plane, plane), left, right, top, bottom, across, down),
            Blend(pixels.Slice(2 * plane, plane), left, right, top, bottom, across, down));
    }

    private float Blend(ReadOnlySpan<byte> plane, int left, int right, int top, int bottom, float across, float down)
    {
        float upper = plane[top + left] + (plane[top + right] - plane[top + left]) * across;
        float lower = plane[bottom + left] + (plane[bottom + right] - plane[bottom + left]) * across;
        return (upper + (lower - upper) * down) * _gain + _offset;
    }

    private static int Mirror(int place, int count)
    {
        int period = 2 * count, at = place % period;
        if (at < 0)
            at += period;
        return at < count ? at : period - 1 - at;
    }
}
