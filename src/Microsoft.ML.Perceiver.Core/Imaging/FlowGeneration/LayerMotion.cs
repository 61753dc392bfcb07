namespace Microsoft.ML.Perceiver;

/// <summary>A layer's motion from the first frame to the second: a translation, an affine map and a slight bending.</summary>
internal readonly struct LayerMotion
{
    /// <summary>
    /// The steepest slope of a bending of one pixel, times the frame's shorter side: its waves are at least as long as that side.
    /// </summary>
    internal const double SteepestBend = 2 * Math.PI;

    private const int InverseSteps = 8;

    private readonly float _centreX, _centreY, _shiftX, _shiftY;
    private readonly float _xx, _xy, _yx, _yy;
    private readonly Wave _bendX, _bendY;

    private LayerMotion(PerceiverFlowGeneratorOptions options, (double X, double Y) shift, PerceiverRandom random)
    {
        (_centreX, _centreY) = ((options.Width - 1) / 2f, (options.Height - 1) / 2f);
        (_shiftX, _shiftY) = ((float)shift.X, (float)shift.Y);
        double most = options.AffineShare * options.MaxShift / Math.Max(1, Math.Sqrt(_centreX * _centreX + _centreY * _centreY));
        float turn = Small(random, most), stretch = Small(random, most), shear = Small(random, most) / 2, narrow = Small(random, most) / 2;
        (_xx, _xy, _yx, _yy) = (stretch + narrow, shear - turn, shear + turn, stretch - narrow);
        double bend = options.BendingShare * options.MaxShift;
        double side = Math.Min(options.Height, options.Width);
        (_bendX, _bendY) = (Wave.Draw(random, bend, side), Wave.Draw(random, bend, side));
    }

    /// <summary>Draws a motion.</summary>
    /// <param name="options">The limits of motions.</param>
    /// <param name="random">The random number generator.</param>
    /// <param name="carried">
    /// A motion whose translation is averaged with this one's, as objects move with their background; null for none.
    /// </param>
    internal static LayerMotion Draw(PerceiverFlowGeneratorOptions options, PerceiverRandom random, LayerMotion? carried = null)
    {
        // The square root would spread translations evenly over the circle; here short ones are more frequent, as in films.
        double length = options.MaxShift * Math.Pow(random.NextDouble(), 1.3), direction = 2 * Math.PI * random.NextDouble();
        var (x, y) = (length * Math.Cos(direction), length * Math.Sin(direction));
        if (carried is { } other)
            (x, y) = ((other._shiftX + x) / 2, (other._shiftY + y) / 2);
        return new LayerMotion(options, (x, y), random);
    }

    /// <summary>The motion of the layer at a position of the first frame.</summary>
    internal (float U, float V) At(float x, float y)
    {
        float dx = x - _centreX, dy = y - _centreY;
        return (_shiftX + _xx * dx + _xy * dy + _bendX.At(x, y), _shiftY + _yx * dx + _yy * dy + _bendY.At(x, y));
    }

    /// <summary>The position in the first frame of the point at a position of the second.</summary>
    internal (float X, float Y) Origin(float x, float y)
    {
        // The iteration converges, as the slope of the motion is below one.
        var (fromX, fromY) = (x - _shiftX, y - _shiftY);
        for (int i = 0; i < InverseSteps; i++)
        {
            var (u, v) = At(fromX, fromY);
            float nextX = x - u, nextY = y - v;
            bool settled = MathF.Abs(nextX - fromX) + MathF.Abs(nextY - fromY) < 1e-3f;
            (fromX, fromY) = (nextX, nextY);
            if (settled)
                break;
        }

        return (fromX, fromY);
    }

    private static float Small(PerceiverRandom random, double most) => (float)(most * (2 * random.NextDouble() - 1));

    private readonly record struct Wave(float Height, float X, float Y, float Phase)
    {
        internal static Wave Draw(PerceiverRandom random, double most, double side)
        {
            double length = side * (1 + 2 * random.NextDouble()), direction = 2 * Math.PI * random.NextDouble();
            double perPixel = 2 * Math.PI / length;
            double height = most * random.NextDouble(), phase = 2 * Math.PI * random.NextDouble();
            return new Wave((float)height, (float)(perPixel * Math.Cos(direction)), (float)(perPixel * Math.Sin(direction)), (float)phase);
        }

        internal float At(float x, float y) => Height == 0 ? 0 : Height * MathF.Sin(X * x + Y * y + Phase);
    }
}
