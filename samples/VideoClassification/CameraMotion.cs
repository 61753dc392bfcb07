namespace VideoClassification;

/// <summary>
/// What a camera does before a photograph in the time of a film. The view of the middle frame is drawn alike for every motion, so that a
/// frame alone does not tell which one it is of.
/// </summary>
internal sealed class CameraMotion
{
    // Of the motion that gives the label, for each frame: shares of the view's side, the logarithm of the zoom, and radians.
    private static readonly (double Least, double Most) s_pan = (0.02, 0.08), s_zoom = (0.02, 0.06), s_turn = (0.03, 0.12);

    // Every film has a little of the other motions, at most this share of their slowest, and its camera shakes.
    private const double Drift = 0.3, Shake = 0.004;

    // The logarithm of the view's side in photographs.
    private const double SmallestView = -0.9, LargestView = -0.2;

    private readonly View _middle;
    private readonly View _step;
    private readonly Random _random;

    private CameraMotion(View middle, View step, Random random)
    {
        _middle = middle;
        _step = step;
        _random = random;
    }

    /// <summary>The motions: how the camera moves, not the picture.</summary>
    internal static string[] Names { get; } =
        ["pan-down", "pan-left", "pan-right", "pan-up", "turn-left", "turn-right", "zoom-in", "zoom-out"];

    /// <summary>Draws a motion with a speed, a place and a shake of its own.</summary>
    /// <param name="name">What the camera does, one of <see cref="Names"/>.</param>
    /// <param name="random">The random number generator.</param>
    internal static CameraMotion Draw(string name, Random random)
    {
        double Between(double least, double most) => least + (most - least) * random.NextDouble();
        double Other((double Least, double) speed) => Drift * Between(-speed.Least, speed.Least);
        // The plane of mirrored photographs repeats after two of them.
        var middle = new View(2 * random.NextDouble(), 2 * random.NextDouble(), Between(SmallestView, LargestView), Between(0, Math.Tau));
        var step = new View(Other(s_pan), Other(s_pan), Other(s_zoom), Other(s_turn));
        double pan = Between(s_pan.Least, s_pan.Most), zoom = Between(s_zoom.Least, s_zoom.Most), turn = Between(s_turn.Least, s_turn.Most);
        step = name switch
        {
            "pan-down" => step with { Y = pan },
            "pan-left" => step with { X = -pan },
            "pan-right" => step with { X = pan },
            "pan-up" => step with { Y = -pan },
            "turn-left" => step with { Angle = -turn },
            "turn-right" => step with { Angle = turn },
            "zoom-in" => step with { Side = -zoom },
            "zoom-out" => step with { Side = zoom },
            _ => throw new ArgumentException($"There is no motion '{name}'.", nameof(name)),
        };
        return new CameraMotion(middle, step, random);
    }

    /// <summary>The views of a film's frames, in their order.</summary>
    /// <param name="frames">How many frames the film has.</param>
    internal View[] Views(int frames) => [.. Enumerable.Range(0, frames).Select(i =>
    {
        double time = i - (frames - 1) / 2.0, angle = _middle.Angle + time * _step.Angle, side = _middle.Side + time * _step.Side;
        // Steps are along the sides of the view, whichever way it is turned.
        double right = time * _step.X + Shaken(), down = time * _step.Y + Shaken(), scale = Math.Exp(_middle.Side);
        var (sine, cosine) = Math.SinCos(angle);
        return new View(
            _middle.X + scale * (cosine * right - sine * down), _middle.Y + scale * (sine * right + cosine * down), side, angle);
    })];

    private double Shaken() => Shake * (2 * _random.NextDouble() - 1);

    /// <summary>What a camera sees.</summary>
    /// <param name="X">The middle of the view, in widths of the photograph from its left edge.</param>
    /// <param name="Y">The same from its upper edge, in heights.</param>
    /// <param name="Side">The logarithm of the view's side, in sides of the photograph.</param>
    /// <param name="Angle">How far the camera is turned to the right, in radians.</param>
    internal readonly record struct View(double X, double Y, double Side, double Angle);
}
