namespace Microsoft.ML.Perceiver;

/// <summary>A tensor in a graph: an input, a constant, or what a node computes.</summary>
/// <param name="name">Its name, which may be changed where the value becomes an output.</param>
/// <param name="element">The type of its numbers.</param>
/// <param name="shape">Its extents.</param>
internal sealed class OnnxValue(string name, OnnxElement element, params IReadOnlyList<OnnxDimension> shape)
{
    internal string Name { get; set; } = name;

    internal OnnxElement Element { get; } = element;

    internal IReadOnlyList<OnnxDimension> Shape { get; } = shape;

    internal int Rank => Shape.Count;

    /// <summary>An axis counted from the first one, where a negative number counts from the last.</summary>
    internal int AxisOf(int axis) => axis < 0 ? axis + Rank : axis;

    /// <summary>The extent of an axis; a negative number counts from the last one.</summary>
    internal OnnxDimension this[int axis] => Shape[AxisOf(axis)];

    /// <summary>Its extents but for the last ones.</summary>
    internal IReadOnlyList<OnnxDimension> Leading(int without = 1) => [.. Shape.Take(Rank - without)];

    /// <summary>Its shape for messages.</summary>
    public override string ToString() => $"{Element} [{string.Join(", ", Shape)}]";
}
