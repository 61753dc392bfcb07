namespace Microsoft.ML.Perceiver;

/// <content>Extents as values, for operators that take them as an input.</content>
internal sealed partial class OnnxBuilder
{
    private readonly Dictionary<string, Lazy<OnnxValue>> _sizes = new(StringComparer.Ordinal);

    /// <summary>An extent as an integer [1].</summary>
    internal OnnxValue Size(OnnxDimension dimension)
    {
        if (dimension.Name is not { } name)
            return Integers(dimension.Factor);
        var size = name.Split('*')
            .Select(n => _sizes.TryGetValue(n, out var value)
                ? value.Value
                : throw new ArgumentException($"No value of the graph says what '{n}' is."))
            .Aggregate(Multiply);
        return dimension.Factor == 1 ? size : Multiply(size, Integers(dimension.Factor));
    }

    /// <summary>Names a size that the graph computes.</summary>
    /// <param name="name">The name, which no other size has.</param>
    /// <param name="size">The size, an integer [1].</param>
    internal OnnxDimension Named(string name, OnnxValue size)
    {
        _sizes[name] = new Lazy<OnnxValue>(size);
        return name;
    }

    /// <summary>The sum of extents.</summary>
    internal OnnxDimension Sum(params IReadOnlyList<OnnxDimension> dimensions)
    {
        OnnxDimension known = dimensions.Where(d => d.IsKnown).Sum(d => d.Factor);
        OnnxDimension[] terms = [.. dimensions.Where(d => !d.IsKnown)];
        if (terms.Length == 0)
            return known;
        if (!known.Is(0))
            terms = [.. terms, known];
        if (terms.Length == 1)
            return terms[0];
        string name = $"({string.Join('+', terms)})".Replace('*', '.');
        _sizes.TryAdd(name, new Lazy<OnnxValue>(() => terms.Select(Size).Aggregate(Plus)));
        return name;
    }

    /// <summary>Extents as integers [extents].</summary>
    private OnnxValue SizesOf(IReadOnlyList<OnnxDimension> shape) =>
        shape.All(d => d.IsKnown)
            ? Integers([.. shape.Select(d => d.Factor)])
            : Concat(0, [.. shape.Select(Size)]);

    private Lazy<OnnxValue> SizeOfAxis(OnnxValue value, int axis) => new(() =>
        Add("Shape", OnnxElement.Int64, [1], [value], Attribute("start", (long)axis), Attribute("end", axis + 1L)));
}
