using System.Numerics;

namespace Arrays;

/// <summary>Points drawn from the surfaces of solids.</summary>
internal static class PointCloud
{
    /// <summary>Points of a cloud.</summary>
    internal const int Points = 64;

    private const float Noise = 0.02f;

    /// <summary>The solids.</summary>
    internal static string[] Names { get; } = ["ball", "cube", "cylinder", "cone", "ring", "disc"];

    /// <summary>Draws a cloud, turned and stretched at random, within -1 to 1.</summary>
    /// <param name="kind">The solid's place in <see cref="Names"/>.</param>
    /// <param name="random">The random number generator.</param>
    /// <returns>The coordinates, one point after the other.</returns>
    internal static float[] Draw(int kind, Random random)
    {
        var turn = Quaternion.Normalize(new Quaternion(Normal(random), Normal(random), Normal(random), Normal(random)));
        float scale = 0.35f + 0.15f * random.NextSingle(), height = 0.8f + 0.4f * random.NextSingle();
        float[] coordinates = new float[Points * 3];
        for (int i = 0; i < Points; i++)
        {
            var point = Point(kind, random);
            point = Vector3.Transform(new Vector3(point.X, point.Y, point.Z * height) * scale, turn);
            point += Noise * new Vector3(Normal(random), Normal(random), Normal(random));
            Vector3.Clamp(point, -Vector3.One, Vector3.One).CopyTo(coordinates, 3 * i);
        }

        return coordinates;
    }

    private static Vector3 Point(int kind, Random random)
    {
        var (sine, cosine) = MathF.SinCos(2 * MathF.PI * random.NextSingle());
        float along = 2 * random.NextSingle() - 1, radius = MathF.Sqrt(random.NextSingle());
        switch (kind)
        {
            case 0:
                float ring = MathF.Sqrt(1 - along * along);
                return new Vector3(ring * cosine, ring * sine, along);
            case 1:
                float side = random.Next(2) == 0 ? -0.8f : 0.8f, other = 1.6f * random.NextSingle() - 0.8f;
                return random.Next(3) switch
                {
                    0 => new Vector3(side, 0.8f * along, other),
                    1 => new Vector3(other, side, 0.8f * along),
                    _ => new Vector3(0.8f * along, other, side),
                };
            case 2:
                // Two caps, a third of the points, and the mantle.
                bool isCap = random.Next(3) == 0;
                return isCap
                    ? new Vector3(0.8f * radius * cosine, 0.8f * radius * sine, along < 0 ? -0.9f : 0.9f)
                    : new Vector3(0.8f * cosine, 0.8f * sine, 0.9f * along);
            case 3:
                return new Vector3(radius * cosine, radius * sine, 0.9f - 1.8f * radius);
            case 4:
                var (sineAround, cosineAround) = MathF.SinCos(MathF.PI * along);
                float distance = 0.75f + 0.25f * cosineAround;
                return new Vector3(distance * cosine, distance * sine, 0.25f * sineAround);
            default:
                return new Vector3(radius * cosine, radius * sine, 0.1f * along);
        }
    }

    private static float Normal(Random random) =>
        MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(2 * MathF.PI * random.NextSingle());
}
