using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Mean and deviation of the labels that a regression was trained on. The model gives standardised numbers, whatever the unit of the labels
/// is; here they are put into that unit.
/// </summary>
/// <param name="Means">The mean of each label.</param>
/// <param name="Deviations">The standard deviation of each label.</param>
internal sealed record LabelScaling(IReadOnlyList<double> Means, IReadOnlyList<double> Deviations)
{
    /// <summary>What a configuration has; null where its model gives numbers as they are.</summary>
    internal static LabelScaling? Of(PerceiverConfig config) =>
        config is { LabelMeans: { } means, LabelDeviations: { } deviations } ? new LabelScaling(means, deviations) : null;

    /// <summary>That of a model whose numbers are in the labels' unit already.</summary>
    internal static LabelScaling Identity(int labels) => new(new double[labels], [.. Enumerable.Repeat(1.0, labels)]);

    /// <summary>That of training rows.</summary>
    /// <param name="rows">The labels of each row.</param>
    /// <param name="count">Labels of a row.</param>
    /// <exception cref="InvalidOperationException">A label is no finite number, or the same in all rows.</exception>
    internal static LabelScaling OfRows(IEnumerable<float[]> rows, int count)
    {
        double[] means = new double[count], squares = new double[count];
        int read = 0;
        foreach (float[] labels in rows)
        {
            for (int i = 0; i < count; i++)
            {
                if (!float.IsFinite(labels[i]))
                    throw new InvalidOperationException($"The label of training row {read} is {labels[i]}, which is no finite number.");
                // Welford's update, which stays exact where the mean is large.
                double fromMean = labels[i] - means[i];
                means[i] += fromMean / (read + 1);
                squares[i] += fromMean * (labels[i] - means[i]);
            }

            read++;
        }

        int constant = read == 0 ? -1 : Array.FindIndex(squares, s => s <= 0);
        if (constant >= 0)
        {
            throw new InvalidOperationException(
                $"The label is {(float)means[constant]} in all {read} training rows, row 0 on; a regression needs labels that differ.");
        }

        return read == 0 ? Identity(count) : new LabelScaling(means, Array.ConvertAll(squares, s => Math.Sqrt(s / read)));
    }

    /// <summary>A label of the unit as the model learns it.</summary>
    internal float Standardise(float value, int label) => (float)((value - Means[label]) / Deviations[label]);

    /// <summary>A number of the model in the label's unit.</summary>
    internal float Restore(float value, int label) => (float)(value * Deviations[label] + Means[label]);

    /// <summary>As <see cref="Restore(Tensor)"/>, in a graph and in float32.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue numbers) =>
        builder.Plus(builder.Multiply(numbers, builder.Floats(Deviations)), builder.Floats(Means));

    /// <summary>Numbers of the model in the labels' unit.</summary>
    /// <param name="numbers">[..., labels].</param>
    /// <returns>float32 [..., labels].</returns>
    internal Tensor Restore(Tensor numbers)
    {
        using var means = tensor(Means.ToArray(), ScalarType.Float64, numbers.device);
        using var deviations = tensor(Deviations.ToArray(), ScalarType.Float64, numbers.device);
        return (numbers.to(ScalarType.Float64) * deviations).Plus(means).to(ScalarType.Float32);
    }
}
