namespace Microsoft.ML.Perceiver;

/// <summary>The outline of a layer in the first frame: a rounded blob, or a bar.</summary>
internal readonly struct LayerShape
{
    private const int Lobes = 4;
    private readonly float _x, _y, _radius, _length, _cos, _sin;
    private readonly Lobe _second, _third, _fourth;
    private readonly bool _bar;

    private LayerShape(PerceiverFlowGeneratorOptions options, PerceiverRandom random)
    {
        double side = Math.Min(options.Height, options.Width);
        (_x, _y) = ((float)(options.Width * random.NextDouble()), (float)(options.Height * random.NextDouble()));
        double angle = 2 * Math.PI * random.NextDouble();
        (_cos, _sin) = ((float)Math.Cos(angle), (float)Math.Sin(angle));
        _bar = random.Next(Lobes) == 0;
        _radius = (float)(side * (_bar ? 0.04 + 0.12 * random.NextDouble() : 0.12 + 0.38 * random.NextDouble()));
        _length = (float)(side * (0.2 + 0.6 * random.NextDouble()));
        (_second, _third, _fourth) = (Lobe.Draw(random, 0.3), Lobe.Draw(random, 0.2), Lobe.Draw(random, 0.12));
    }

    internal static LayerShape Draw(PerceiverFlowGeneratorOptions options, PerceiverRandom random) => new(options, random);

    /// <summary>The share of a pixel that the layer covers, from 0 to 1.</summary>
    internal float Cover(float x, float y)
    {
        float dx = x - _x, dy = y - _y;
        float along = dx * _cos + dy * _sin, across = dy * _cos - dx * _sin;
        float inside;
        if (_bar)
        {
            inside = MathF.Min(_radius - MathF.Abs(across), _length - MathF.Abs(along));
        }
        else
        {
            float distance = MathF.Sqrt(along * along + across * across);
            if (distance > _radius * 1.7f)
                return 0;
            float angle = MathF.Atan2(across, along);
            inside = _radius * (1 + _second.At(2 * angle) + _third.At(3 * angle) + _fourth.At(5 * angle)) - distance;
        }

        return Math.Clamp(inside + 0.5f, 0, 1);
    }

    private readonly record struct Lobe(float Height, float Phase)
    {
        internal static Lobe Draw(PerceiverRandom random, double most) =>
            new((float)(most * random.NextDouble()), (float)(2 * Math.PI * random.NextDouble()));

        internal float At(float angle) => Height * MathF.Cos(angle + Phase);
    }
}
