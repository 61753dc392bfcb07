namespace Microsoft.ML.Perceiver;

/// <summary>Draws from symmetric Beta distributions.</summary>
internal static class BetaDistribution
{
    /// <summary>A number between 0 and 1; near the ends for small concentrations, near the middle for large ones.</summary>
    internal static double Draw(double concentration, PerceiverRandom random)
    {
        double a = Gamma(concentration, random);
        double b = Gamma(concentration, random);
        // Both may underflow to zero for a concentration near zero, whose distribution is 0 or 1 with equal probability.
        return a + b > 0 ? a / (a + b) : random.Next(2);
    }

    // Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
    private static double Gamma(double shape, PerceiverRandom random)
    {
        if (shape < 1)
            return Gamma(shape + 1, random) * Math.Pow(1 - random.NextDouble(), 1 / shape);
        double d = shape - 1 / 3.0;
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = Normal(random);
            double v = 1 + c * x;
            if (v <= 0)
                continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < x * x / 2 + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }

    private static double Normal(PerceiverRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
