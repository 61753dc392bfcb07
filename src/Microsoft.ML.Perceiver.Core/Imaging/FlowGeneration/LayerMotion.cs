namespace Microsoft.ML.Perceiver;

/// <summary>A layer's motion from the first frame to the second: shifted, turned and stretched, and gently bent.</summary>
internal readonly struct LayerMotion
{
    /// <summary>The steepest slope of a bend that moves a pixel by one, times the frame's shorter side: waves are no shorter than that side.</summary>
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
    /// <param name="options">How long it may be.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <param name="carried">A motion whose shift is taken over in part, as things move with what they stand on; null for none.</param>
    internal static LayerMotion Draw(PerceiverFlowGeneratorOptions options, PerceiverRandom random, LayerMotion? carried = null)
    {
        // The root would spread shifts evenly over the circle; short ones are what most pixels of films have.
        double length = options.MaxShift * Math.Pow(random.NextDouble(), 1.3), direction = 2 * Math.PI * random.NextDouble();
        var (x, y) = (length * Math.Cos(direction), length * Math.Sin(direction));
        if (carried is { } other)
            (x, y) = ((other._shiftX + x) / 2, (other._shiftY + y) / 2);
        return new LayerMotion(options, (x, y), random);
    }

    /// <summary>How far the layer's point at a place of the first frame moves.</summary>
    internal (float U, float V) At(float x, float y)
    {
        float dx = x - _centreX, dy = y - _centreY;
        return (_shiftX + _xx * dx + _xy * dy + _bendX.At(x, y), _shiftY + _yx * dx + _yy * dy + _bendY.At(x, y));
    }

    /// <summary>Where the point was in the first frame that is at a place of the second.</summary>
    internal (float X, float Y) Origin(float x, float y)
    {
        // Converges as no motion's slope reaches one.
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
            return new Wave(
                (float)(most * random.NextDouble()), (float)(perPixel * Math.Cos(direction)), (float)(perPixel * Math.Sin(direction)), (float)(2 * Math.PI * random.NextDouble()));
        }

        internal float At(float x, float y) => Height == 0 ? 0 : Height * MathF.Sin(X * x + Y * y + Phase);
    }
}
