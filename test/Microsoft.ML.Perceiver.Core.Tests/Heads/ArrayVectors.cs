using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Heads;

/// <summary>The input vectors of arrays, computed number by number.</summary>
internal static class ArrayVectors
{
    /// <summary>[batch, vectors, channels].</summary>
    internal static Tensor Of(
        PerceiverArraySettings settings, IReadOnlyDictionary<string, Tensor> weights, Tensor inputs, Tensor? coordinates)
    {
        int[] shape = [.. settings.InputShape], patch = [.. settings.Patch ?? [.. shape.Select(_ => 1)]];
        int[] counts = [.. shape.Zip(patch, (n, p) => n / p)];
        int channels = settings.InputChannels;
        var rows = new List<Tensor>();
        for (int row = 0; row < inputs.shape[0]; row++)
        {
            float[] values = inputs[row].contiguous().data<float>().ToArray();
            var vectors = Indices(counts).Select(at => Indices(patch).SelectMany(within =>
            {
                int flat = 0;
                for (int axis = 0; axis < shape.Length; axis++)
                    flat = flat * shape[axis] + at[axis] * patch[axis] + within[axis];
                return Enumerable.Range(flat * channels, channels).Select(i => Standardised(settings, values[i], i));
            }).ToArray()).ToArray();
            rows.Add(stack(vectors.Select(v => tensor(v))));
        }

        var result = stack(rows);
        if (settings.ProjectedChannels is not null && settings.Bins is null)
        {
            const string projection = "perceiver.input_preprocessor.projection.";
            result = result.matmul(weights[projection + "weight"].t()) + weights[projection + "bias"];
        }

        if (settings.Bins is { } bins)
            result = Piecewise(bins, weights, result);
        var positions = settings.Positions switch
        {
            "trainable" => weights["perceiver.input_preprocessor.position_embeddings.position_embeddings"].unsqueeze(0),
            "coordinates" => Fourier(settings, coordinates!),
            _ => Fourier(settings, Places(counts)),
        };
        return cat([result, positions.expand(result.shape[0], -1, -1)], -1);
    }

    /// <summary>Sines and cosines of coordinates [batch, points, axes]: the coordinates, all sines, all cosines.</summary>
    internal static Tensor Fourier(PerceiverArraySettings settings, Tensor coordinates)
    {
        int[] resolutions = [.. settings.CoordinateResolutions ?? [.. settings.InputShape.Zip(
            settings.Patch ?? [.. settings.InputShape.Select(_ => 1)], (n, p) => n / p)]];
        float[] places = coordinates.contiguous().data<float>().ToArray();
        var features = places.Chunk(resolutions.Length).SelectMany(place =>
        {
            var angles = place.SelectMany((x, axis) => Enumerable.Range(0, settings.NumBands).Select(
                band => Math.PI * x * (1 + band * (resolutions[axis] / 2.0 - 1) / (settings.NumBands - 1)))).ToArray();
            return place.Concat(angles.Select(a => (float)Math.Sin(a))).Concat(angles.Select(a => (float)Math.Cos(a)));
        }).ToArray();
        return tensor(features, coordinates.shape[0], coordinates.shape[1], features.Length / (places.Length / resolutions.Length));
    }

    // Number by number: itself, and the share of each bin that lies below it.
    private static Tensor Piecewise(
        IReadOnlyList<IReadOnlyList<double>> bins, IReadOnlyDictionary<string, Tensor> weights, Tensor numbers)
    {
        const string projection = "perceiver.input_preprocessor.number_projection.";
        var rows = Enumerable.Range(0, (int)numbers.shape[0]).Select(row => stack(bins.Select((edges, place) =>
        {
            float number = numbers[row, place, 0].item<float>();
            float[] read = [number, .. edges.Zip(edges.Skip(1), (low, high) => (float)Math.Clamp((number - low) / (high - low), 0, 1))];
            return tensor(read).matmul(weights[projection + "weight"][place]) + weights[projection + "bias"][place];
        })));
        return stack(rows);
    }

    private static Tensor Places(int[] counts)
    {
        float[] places = [.. Indices(counts).SelectMany(at => at.Select((i, axis) => -1 + 2f * i / (counts[axis] - 1)))];
        return tensor(places, 1, places.Length / counts.Length, counts.Length);
    }

    private static float Standardised(PerceiverArraySettings settings, float value, int index) => settings.Means is { } means
        ? (float)((value - means[index % means.Count]) / settings.Deviations![index % means.Count])
        : value;

    // All indices of a grid, the last axis running fastest.
    private static IEnumerable<int[]> Indices(int[] extents) => extents.Aggregate(
        (IEnumerable<int[]>)[[]],
        (all, extent) => all.SelectMany(index => Enumerable.Range(0, extent).Select(i => (int[])[.. index, i])));
}
