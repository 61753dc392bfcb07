using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An array, or the points of a row.</summary>
/// <param name="Values">Its numbers, the last axis and then the channels running fastest.</param>
/// <param name="Coordinates">The coordinates of points, one point after the other; null for an array.</param>
internal sealed record ArrayRow(float[] Values, float[]? Coordinates = null);

/// <summary>Arrays of unequal length as tensors.</summary>
/// <param name="Inputs">float32 [rows, axes..., channels], as long as the longest row, in whole patches.</param>
/// <param name="Mask">1 for each place of the first axis that a row has, float32 [rows, places]; null where no row is shorter.</param>
/// <param name="Coordinates">float32 [rows, points, coordinates]; null for arrays.</param>
internal readonly record struct ArrayBatch(Tensor Inputs, Tensor? Mask, Tensor? Coordinates)
{
    /// <summary>Puts rows together.</summary>
    /// <param name="settings">The settings of the array.</param>
    /// <param name="rows">The rows, one at least.</param>
    /// <param name="device">The device of the tensors.</param>
    internal static ArrayBatch Of(PerceiverArraySettings settings, IReadOnlyList<ArrayRow> rows, Device device)
    {
        int patch = settings.PatchOrOne[0];
        int[] lengths = [.. rows.Select(row => LengthOf(settings, row))];
        int[] places = Array.ConvertAll(lengths, length => (length + patch - 1) / patch);
        int most = places.Max();
        int width = WidthOf(settings);
        float[] values = new float[rows.Count * most * patch * width];
        for (int i = 0; i < rows.Count; i++)
        {
            var row = values.AsSpan(i * most * patch * width, most * patch * width);
            rows[i].Values.CopyTo(row);
            FillWithMeans(settings, row, rows[i].Values.Length);
        }

        long[] shape = [rows.Count, most * patch, .. settings.InputShape.Skip(1).Select(n => (long)n), settings.InputChannels];
        var coordinates = rows[0].Coordinates is null ? null : CoordinatesOf(rows, most, settings.CoordinateResolutions!.Count, device);
        return new ArrayBatch(tensor(values, shape, device: device), MaskOf(places, most, device), coordinates);
    }

    /// <summary>How many elements of the first axis a row has.</summary>
    internal static int LengthOf(PerceiverArraySettings settings, ArrayRow row) => row.Values.Length / WidthOf(settings);

    /// <summary>Numbers of an element of the first axis.</summary>
    internal static int WidthOf(PerceiverArraySettings settings) =>
        settings.InputShape.Skip(1).Aggregate(settings.InputChannels, (product, n) => product * n);

    // What stands behind a row in its last patch is read by the model; means are nothing once they are standardised.
    private static void FillWithMeans(PerceiverArraySettings settings, Span<float> row, int start)
    {
        if (settings.Means is not { } means)
            return;
        for (int i = start; i < row.Length; i++)
            row[i] = (float)means[i % means.Count];
    }

    private static Tensor? MaskOf(int[] places, int most, Device device)
    {
        if (places.All(count => count == most))
            return null;
        float[] mask = new float[places.Length * most];
        for (int i = 0; i < places.Length; i++)
            Array.Fill(mask, 1, i * most, places[i]);
        return tensor(mask, [places.Length, most], device: device);
    }

    private static Tensor CoordinatesOf(IReadOnlyList<ArrayRow> rows, int most, int axes, Device device)
    {
        float[] coordinates = new float[rows.Count * most * axes];
        for (int i = 0; i < rows.Count; i++)
            rows[i].Coordinates!.CopyTo(coordinates, i * most * axes);
        return tensor(coordinates, [rows.Count, most, axes], device: device);
    }
}
