namespace Microsoft.ML.Perceiver;

/// <summary>The objects of an image.</summary>
public sealed class PerceiverDetectionTarget
{
    // What rounding may take a box beyond the edge.
    private const float Tolerance = 1e-4f;

    /// <summary>Makes a target.</summary>
    /// <param name="labels">The index of each object's label.</param>
    /// <param name="boxes">
    /// Centre x, centre y, width and height of each object, as shares of the image that the model reads, box by box.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There are not four numbers for each label, a label is negative, or a box has no area, is no number, or lies outside of the image.
    /// </exception>
    public PerceiverDetectionTarget(IReadOnlyList<int> labels, IReadOnlyList<float> boxes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.Count != BoxPredictor.Numbers * labels.Count)
        {
            throw new ArgumentException(
                $"There are {labels.Count} labels and {boxes.Count} numbers of boxes; a box has {BoxPredictor.Numbers}.", nameof(boxes));
        }

        Indices = [.. labels];
        Values = [.. boxes];
        for (int i = 0; i < Indices.Length; i++)
        {
            if (Indices[i] < 0)
                throw new ArgumentException($"The label {i} is {Indices[i]}, which is no index.", nameof(labels));
            var box = BoxAt(i);
            bool isInside = box.Left >= -Tolerance && box.Top >= -Tolerance && box.Right <= 1 + Tolerance && box.Bottom <= 1 + Tolerance;
            if (!(isInside && Values[4 * i + 2] > 0 && Values[4 * i + 3] > 0))
            {
                throw new ArgumentException(
                    $"The box {i} is [{string.Join(", ", Values.Skip(4 * i).Take(4))}] (centre x, centre y, width, height); "
                    + "it needs an area and must lie from 0 to 1.",
                    nameof(boxes));
            }
        }
    }

    /// <summary>The index of each object's label.</summary>
    public IReadOnlyList<int> Labels => Indices;

    /// <summary>Centre x, centre y, width and height of each object, as shares of the image that the model reads.</summary>
    public IReadOnlyList<float> Boxes => Values;

    /// <summary>The indices of <see cref="Labels"/>.</summary>
    internal int[] Indices { get; }

    /// <summary>The numbers of <see cref="Boxes"/>.</summary>
    internal float[] Values { get; }

    /// <summary>An object's box by its edges.</summary>
    internal Box BoxAt(int index) => Box.OfCentre(Values.AsSpan(BoxPredictor.Numbers * index, BoxPredictor.Numbers));
}
