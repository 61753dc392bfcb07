using static Microsoft.ML.Perceiver.PerceiverArraySettings;

namespace Microsoft.ML.Perceiver;

/// <summary>Checks of the key <c>array</c> of a configuration; the messages name the keys of the file.</summary>
internal static class PerceiverArrayChecks
{
    // Far above what a model can use; the first three are those of PerceiverConfigLimits, which reads whole configurations.
    private const int MostChannels = 1 << 16, MostRows = 1 << 20, MostExtent = 1 << 20;
    private const long MostNumbers = 1L << 26;

    internal static void Check(PerceiverArraySettings array)
    {
        CheckExtents(array);
        InRange(array.InputChannels, MostChannels, "input_channels");
        InRange(array.NumBands, MostBands, "num_bands");
        InRange(array.PositionChannels, MostChannels, "position_channels");
        InRange(array.ProjectedChannels ?? 1, MostChannels, "projected_channels");
        if (array.Positions is not (Fourier or Trainable or Coordinates))
            throw new ArgumentException($"array.positions is '{array.Positions}'; it must be 'fourier', 'trainable' or 'coordinates'.");
        if (array.Output is not (PooledOutput or PositionsOutput or CoordinatesOutput))
            throw new ArgumentException($"array.output is '{array.Output}'; it must be 'pooled', 'positions' or 'coordinates'.");
        CheckPatch(array);
        CheckCoordinates(array);
        CheckScaling(array);
        CheckBins(array);
    }

    private static void CheckExtents(PerceiverArraySettings array)
    {
        if (array.InputShape is not { Count: >= 1 and <= MostAxes } shape)
            throw new ArgumentException($"array.input_shape is {Described(array.InputShape)}; it must have 1 to {MostAxes} extents.");
        long numbers = Math.Max(array.InputChannels, 1);
        foreach (int extent in shape)
        {
            InRange(extent, MostExtent, "input_shape");
            numbers *= extent;
            if (numbers > MostNumbers)
                throw new ArgumentException($"An array of input_shape {Described(shape)} has more than {MostNumbers} numbers.");
        }
    }

    private static void CheckPatch(PerceiverArraySettings array)
    {
        if (array.Patch is { } patch)
        {
            bool fits = !array.HasCoordinates && patch.Count == array.InputShape.Count
                && patch.Zip(array.InputShape).All(p => p.First > 0 && p.Second % p.First == 0);
            if (!fits)
            {
                throw new ArgumentException(array.HasCoordinates
                    ? "array.patch is for arrays; these are points with coordinates."
                    : $"array.patch is {Described(patch)}; each extent of {Described(array.InputShape)} needs a number that divides it.");
            }
        }

        InRange(Product(array.PatchOrOne) * array.InputChannels, MostChannels, "patch");
        InRange(Product(array.VectorShape), MostRows, "input_shape");
    }

    private static void CheckCoordinates(PerceiverArraySettings array)
    {
        if (array.HasCoordinates && array.InputShape.Count != 1)
        {
            throw new ArgumentException(
                $"array.input_shape is {Described(array.InputShape)}; of points with coordinates it is the most points of a row.");
        }

        if (array.CoordinateResolutions is not { } resolutions)
        {
            if (array.HasCoordinates)
                throw new ArgumentException("array.coordinate_resolutions is missing; points with coordinates need it.");
            return;
        }

        if (resolutions.Count is 0 or > MostCoordinates || resolutions.Any(r => r is <= 0 or > MostRows))
        {
            throw new ArgumentException(
                $"array.coordinate_resolutions is {Described(resolutions)}; it must have 1 to {MostCoordinates} numbers from 1 to "
                + $"{MostRows}.");
        }

        if (!array.HasCoordinates && resolutions.Count != array.InputShape.Count)
        {
            throw new ArgumentException(
                $"array.coordinate_resolutions is {Described(resolutions)}; it must have a number for each extent of "
                + $"{Described(array.InputShape)}.");
        }
    }

    private static void CheckScaling(PerceiverArraySettings array)
    {
        if (array.Means is null != array.Deviations is null)
            throw new ArgumentException("array.means and array.deviations must both be given, or neither.");
        Numbers(array, array.Means, "means", double.IsFinite, "finite");
        Numbers(array, array.Deviations, "deviations", value => value > 0 && double.IsFinite(value), "positive");
        if (array.Means?.Count != array.Deviations?.Count)
            throw new ArgumentException("array.means and array.deviations must have as many numbers as each other.");
    }

    private static void CheckBins(PerceiverArraySettings array)
    {
        if (array.Bins is not { } bins)
            return;
        if (array.HasCoordinates || array.InputChannels != 1 || array.PatchOrOne.Any(p => p != 1) || array.ProjectedChannels is null)
            throw new ArgumentException("array.bins is for arrays of one channel without patches, and needs array.projected_channels.");
        if (bins.Count != array.Vectors)
            throw new ArgumentException($"array.bins has {bins.Count} lists; it needs {array.Vectors}, one for each number of the array.");
        int wrong = bins.ToList().FindIndex(edges => edges is null || edges.Count != bins[0].Count || !IsAscending(edges));
        if (wrong >= 0 || bins[0].Count is < 2 or > MostBands)
        {
            throw new ArgumentException(
                $"array.bins has at {Math.Max(wrong, 0)} other than from 2 to {MostBands} ascending numbers, as many as each other list.");
        }
    }

    // Also as the floats that the model computes with.
    private static bool IsAscending(IReadOnlyList<double> edges) =>
        edges.All(double.IsFinite) && edges.Zip(edges.Skip(1)).All(pair => (float)pair.First < (float)pair.Second);

    private static void Numbers(
        PerceiverArraySettings array, IReadOnlyList<double>? values, string key, Predicate<double> isAllowed, string needed)
    {
        if (values is null)
            return;
        int all = array.InputShape.Aggregate(array.InputChannels, (product, n) => product * n);
        if (values.Count != array.InputChannels && values.Count != all)
        {
            throw new ArgumentException(
                $"array.{key} has {values.Count} numbers; it needs {array.InputChannels}, one for each channel, or {all}, one for each "
                + "number of the array.");
        }

        if (values.FirstOrDefault(value => !isAllowed(value), 1) is var wrong && !isAllowed(wrong))
            throw new ArgumentException($"array.{key} has {wrong}; each must be {needed}.");
    }

    private static void InRange(long value, long limit, string key)
    {
        if (value <= 0 || value > limit)
            throw new ArgumentException($"array.{key} is {value}; it must be from 1 to {limit}.");
    }

    private static long Product(IReadOnlyList<int> extents) => extents.Aggregate(1L, (product, n) => product * n);

    private static string Described(IReadOnlyList<int>? numbers) => numbers is null ? "null" : $"[{string.Join(", ", numbers)}]";
}
