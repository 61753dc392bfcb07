namespace Microsoft.ML.Perceiver;

/// <content>Operators that arrange numbers and compute none.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>The same numbers in another shape.</summary>
    internal OnnxValue Reshape(OnnxValue x, params IReadOnlyList<OnnxDimension> shape)
    {
        Require(Product(x.Shape) == Product(shape), "Reshape", $"[{string.Join(", ", shape)}] has another number of elements", x);
        if (x.Shape.SequenceEqual(shape))
            return x;
        return Add("Reshape", x.Element, shape, [x, TargetOf(x, shape)]);
    }

    /// <summary>Axes in another order.</summary>
    internal OnnxValue Transpose(OnnxValue x, params IReadOnlyList<int> order)
    {
        bool isOrder = order.Count == x.Rank && order.Order().SequenceEqual(Enumerable.Range(0, x.Rank));
        Require(isOrder, "Transpose", $"[{string.Join(", ", order)}] is no order of its axes", x);
        long[] permutation = [.. order.Select(axis => (long)axis)];
        return Add("Transpose", x.Element, [.. order.Select(axis => x[axis])], [x], Attribute("perm", permutation));
    }

    /// <summary>A further axis of one entry.</summary>
    /// <param name="x">The value.</param>
    /// <param name="axis">Where the axis is in the result, counted from the first one.</param>
    internal OnnxValue Unsqueeze(OnnxValue x, int axis)
    {
        Require(axis >= 0 && axis <= x.Rank, "Unsqueeze", $"it can have no axis {axis}", x);
        return Add("Unsqueeze", x.Element, [.. x.Shape.Take(axis), 1, .. x.Shape.Skip(axis)], [x, Integers(axis)]);
    }

    /// <summary>Without an axis of one entry.</summary>
    internal OnnxValue Squeeze(OnnxValue x, int axis)
    {
        Require(axis >= 0 && axis < x.Rank && x[axis].Is(1), "Squeeze", $"its axis {axis} has not one entry", x);
        return Add("Squeeze", x.Element, [.. x.Shape.Take(axis), .. x.Shape.Skip(axis + 1)], [x, Integers(axis)]);
    }

    /// <summary>Axes of one entry repeated.</summary>
    internal OnnxValue Expand(OnnxValue x, params IReadOnlyList<OnnxDimension> shape)
    {
        bool fits = x.Rank == shape.Count && x.Shape.Zip(shape).All(p => p.First == p.Second || p.First.Is(1));
        Require(fits, "Expand", $"it cannot become [{string.Join(", ", shape)}]", x);
        return x.Shape.SequenceEqual(shape) ? x : Add("Expand", x.Element, shape, [x, SizesOf(shape)]);
    }

    /// <summary>Values one after the other.</summary>
    internal OnnxValue Concat(int axis, params IReadOnlyList<OnnxValue> parts)
    {
        var first = parts[0];
        int along = first.AxisOf(axis);
        foreach (var part in parts)
        {
            bool fits = part.Element == first.Element && part.Rank == first.Rank
                && Enumerable.Range(0, part.Rank).All(i => i == along || part[i] == first[i]);
            Require(fits, "Concat", $"they differ in more than axis {along}", first, part);
        }

        if (parts.Count == 1)
            return first;
        OnnxDimension[] shape = [.. first.Shape];
        shape[along] = Sum([.. parts.Select(p => p[along])]);
        return Add("Concat", first.Element, shape, [.. parts], Attribute("axis", (long)along));
    }

    /// <summary>Consecutive entries of an axis.</summary>
    /// <param name="x">The value.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="start">The first entry.</param>
    /// <param name="count">How many entries.</param>
    internal OnnxValue Narrow(OnnxValue x, int axis, OnnxDimension start, OnnxDimension count)
    {
        var extent = x[axis];
        bool isKnown = extent.IsKnown && start.IsKnown && count.IsKnown;
        Require(!isKnown || start.Factor + count.Factor <= extent.Factor, "Slice", $"its axis {axis} is too short", x);
        if (start.Is(0) && count == extent)
            return x;
        OnnxDimension[] shape = [.. x.Shape];
        shape[x.AxisOf(axis)] = count;
        return Add("Slice", x.Element, shape, [x, Size(start), Size(Sum(start, count)), Integers(x.AxisOf(axis))]);
    }

    /// <summary>As many entries of zero before an axis as after it.</summary>
    /// <param name="x">The value.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="each">How many on each side.</param>
    internal OnnxValue Pad(OnnxValue x, int axis, OnnxDimension each)
    {
        int at = x.AxisOf(axis);
        Require(at >= 0 && at < x.Rank, "Pad", $"it has no axis {axis}", x);
        OnnxDimension[] before = new OnnxDimension[x.Rank], shape = [.. x.Shape];
        before[at] = each;
        shape[at] = Sum(each, x[at], each);
        return Add("Pad", x.Element, shape, [x, SizesOf([.. before, .. before])]);
    }

    /// <summary>Every n-th entry of an axis of known extent.</summary>
    internal OnnxValue Every(OnnxValue x, int axis, long step)
    {
        if (step == 1)
            return x;
        Require(x[axis].IsKnown, "Slice", $"its axis {axis} has no known extent", x);
        OnnxDimension[] shape = [.. x.Shape];
        shape[x.AxisOf(axis)] = (x[axis].Factor + step - 1) / step;
        var last = Integers(x[axis].Factor);
        return Add("Slice", x.Element, shape, [x, Integers(0), last, Integers(x.AxisOf(axis)), Integers(step)]);
    }

    /// <summary>The entries of an axis that indices name, in place of the axis.</summary>
    internal OnnxValue Gather(OnnxValue x, OnnxValue indices, int axis = 0)
    {
        RequireElement("Gather", OnnxElement.Int64, indices);
        int at = x.AxisOf(axis);
        Require(at >= 0 && at < x.Rank, "Gather", $"it has no axis {axis}", x);
        OnnxDimension[] shape = [.. x.Shape.Take(at), .. indices.Shape, .. x.Shape.Skip(at + 1)];
        return Add("Gather", x.Element, shape, [x, indices], Attribute("axis", (long)at));
    }

    /// <summary>The integers from zero on, [count].</summary>
    internal OnnxValue Range(OnnxDimension count) =>
        Add("Range", OnnxElement.Int64, [count], [Integer(0), Squeeze(Size(count), 0), Integer(1)]);

    private static OnnxDimension Product(IEnumerable<OnnxDimension> shape) =>
        shape.Aggregate((OnnxDimension)1, (product, extent) => product * extent);

    // ONNX copies an extent where the target is 0, and computes one that is -1.
    private OnnxValue TargetOf(OnnxValue x, IReadOnlyList<OnnxDimension> shape)
    {
        long[] target = [.. shape.Select((d, i) => d.IsKnown ? d.Factor : i < x.Rank && x[i] == d ? 0 : -1)];
        bool isPlain = target.Count(n => n < 0) <= 1 && !shape.Any(d => d.Is(0));
        return isPlain ? Integers(target) : SizesOf(shape);
    }
}
