using SkiaSharp;

namespace VideoClassification;

/// <summary>A photograph, mirrored at its edges without end, so that a camera may look anywhere.</summary>
internal sealed class PhotographPlane
{
    private readonly int _width;
    private readonly int _height;
    private readonly SKColor[] _pixels;

    /// <param name="bitmap">Its pixels, which are copied.</param>
    internal PhotographPlane(SKBitmap bitmap) => (_width, _height, _pixels) = (bitmap.Width, bitmap.Height, bitmap.Pixels);

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <exception cref="IOException">It is no image.</exception>
    internal static PhotographPlane Read(string path)
    {
        using var bitmap = SKBitmap.Decode(path) ?? throw new IOException($"The image '{path}' cannot be read.");
        return new PhotographPlane(bitmap);
    }

    /// <summary>The colours that a camera sees: red, green, blue of each pixel, row by row, from 0 to 255.</summary>
    /// <param name="view">Where the camera looks.</param>
    /// <param name="side">Height and width in pixels.</param>
    internal float[] See(CameraMotion.View view, int side)
    {
        float[] colours = new float[3 * side * side];
        double step = Math.Exp(view.Side) / side;
        var (sine, cosine) = Math.SinCos(view.Angle);
        for (int row = 0; row < side; row++)
        {
            for (int column = 0; column < side; column++)
            {
                double right = (column + 0.5 - side / 2.0) * step, down = (row + 0.5 - side / 2.0) * step;
                double x = view.X + cosine * right - sine * down, y = view.Y + sine * right + cosine * down;
                Write(x * _width - 0.5, y * _height - 0.5, colours.AsSpan(3 * (row * side + column), 3));
            }
        }

        return colours;
    }

    // Between the four nearest pixels.
    private void Write(double x, double y, Span<float> colour)
    {
        int left = (int)Math.Floor(x), top = (int)Math.Floor(y);
        float right = (float)(x - left), down = (float)(y - top);
        for (int i = 0; i < 4; i++)
        {
            var pixel = _pixels[Mirrored(top + i / 2, _height) * _width + Mirrored(left + i % 2, _width)];
            float share = (i % 2 == 0 ? 1 - right : right) * (i / 2 == 0 ? 1 - down : down);
            colour[0] += share * pixel.Red;
            colour[1] += share * pixel.Green;
            colour[2] += share * pixel.Blue;
        }
    }

    private static int Mirrored(int place, int length)
    {
        int within = ((place % (2 * length)) + 2 * length) % (2 * length);
        return within < length ? within : 2 * length - 1 - within;
    }
}
