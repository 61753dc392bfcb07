namespace Microsoft.ML.Perceiver;

/// <summary>
/// The grid that <see cref="LocalArrayInitializer"/> lays anchors over: the axes of an array, or of the space of coordinates, that have
/// more than two places: all waves have the same phase in both of two places.
/// </summary>
internal sealed class LocalArrayGrid
{
    private readonly PerceiverArraySettings _settings;
    private readonly int[] _extents;

    /// <param name="settings">The settings of the array.</param>
    /// <param name="latents">The anchors.</param>
    internal LocalArrayGrid(PerceiverArraySettings settings, int latents)
    {
        _settings = settings;
        var resolutions = settings.HasCoordinates ? settings.Resolutions : settings.VectorShape;
        AllAxes = resolutions.Count;
        Axes = [.. Enumerable.Range(0, AllAxes).Where(axis => resolutions[axis] > 2)];
        _extents = [.. Axes.Select(axis => resolutions[axis])];
        Anchors = Factors(latents, [.. _extents.Select(n => (double)n)]);
        Cells = [.. _extents.Zip(Anchors, (n, anchors) => n / (double)anchors)];
    }

    /// <summary>Axes of the encoding, of one or two places too.</summary>
    internal int AllAxes { get; }

    /// <summary>The axes that anchors are laid along.</summary>
    internal int[] Axes { get; }

    /// <summary>How many anchors stand along each.</summary>
    internal int[] Anchors { get; }

    /// <summary>Places from one anchor to the next along each.</summary>
    internal double[] Cells { get; }

    /// <summary>Where an anchor stands, in places from the middle of each axis, where the phase of all waves is zero.</summary>
    internal double[] FromMiddle(int latent)
    {
        double[] places = new double[Axes.Length];
        for (int i = Axes.Length - 1; i >= 0; i--)
        {
            double place = (latent % Anchors[i] + 0.5) * Cells[i] - 0.5;
            places[i] = place - (_extents[i] - 1) / 2.0;
            latent /= Anchors[i];
        }

        return places;
    }

    /// <summary>The radians of a band from one place of an axis to the next.</summary>
    internal double Frequency(int band, int axis)
    {
        int extent = _extents[axis];
        double share = _settings.NumBands == 1 ? 0 : band / (_settings.NumBands - 1.0);
        return 2 * Math.PI * (1 + share * (extent / 2.0 - 1)) / (extent - 1);
    }

    /// <summary>
    /// At most so many bands: the waves as long as the grid, and from there to waves of two places, each shorter than the last by the same
    /// factor.
    /// </summary>
    internal int[] Bands(int most)
    {
        int last = Enumerable.Range(0, _settings.NumBands)
            .Last(band => band == 0 || Enumerable.Range(0, Axes.Length).All(axis => Frequency(band, axis) <= Math.PI));
        if (last < most)
            return [.. Enumerable.Range(0, last + 1)];
        int rest = most - 1;
        return [0, .. Enumerable.Range(0, rest).Select(i => (int)Math.Round(Math.Pow(last, rest == 1 ? 0 : i / (rest - 1.0)))).Distinct()];
    }

    /// <summary>The factors of a number, one for each size, by which the sizes are divided into the most equal parts.</summary>
    internal static int[] Factors(int number, double[] sizes)
    {
        if (sizes.Length == 0)
            return [];
        return FactorsOf(number, sizes.Length).MinBy(factors =>
        {
            double[] parts = [.. sizes.Zip(factors, (size, factor) => Math.Log(size / factor))];
            // Parts of less than one place are of no use.
            return parts.Max() - parts.Min() + parts.Sum(part => Math.Max(0, -part));
        })!;
    }

    private static IEnumerable<int[]> FactorsOf(int number, int count) => count == 1
        ? [[number]]
        : Enumerable.Range(1, number).Where(n => number % n == 0)
            .SelectMany(n => FactorsOf(number / n, count - 1).Select(rest => (int[])[n, .. rest]));
}
