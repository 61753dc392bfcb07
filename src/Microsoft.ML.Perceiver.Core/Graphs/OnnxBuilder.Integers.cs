namespace Microsoft.ML.Perceiver;

/// <content>Operators of integers and truth values.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>The bits that both numbers have.</summary>
    internal OnnxValue BitsOfBoth(OnnxValue a, OnnxValue b) => Binary("BitwiseAnd", a, b);

    /// <summary>The bits in which two numbers differ.</summary>
    internal OnnxValue DifferingBits(OnnxValue a, OnnxValue b) => Binary("BitwiseXor", a, b);

    internal OnnxValue IsLess(OnnxValue a, OnnxValue b) => Binary("Less", a, b, OnnxElement.Boolean);

    internal OnnxValue IsAtLeast(OnnxValue a, OnnxValue b) => Binary("GreaterOrEqual", a, b, OnnxElement.Boolean);

    /// <summary>The number of one value where a condition holds, of another elsewhere.</summary>
    internal OnnxValue Choose(OnnxValue condition, OnnxValue then, OnnxValue otherwise)
    {
        const string type = "Where";
        RequireElement(type, OnnxElement.Boolean, condition);
        Require(then.Element == otherwise.Element, type, "their types differ", then, otherwise);
        var numbers = Broadcast(type, then.Shape, otherwise.Shape, then, otherwise);
        return Add(type, then.Element, Broadcast(type, condition.Shape, numbers, condition, then), [condition, then, otherwise]);
    }

    /// <summary>For each number, the sum of those before it along an axis, with or without itself.</summary>
    internal OnnxValue RunningSum(OnnxValue x, int axis, bool withItself)
    {
        var exclusive = Attribute("exclusive", withItself ? 0L : 1L);
        return Add("CumSum", x.Element, x.Shape, [x, Integer(x.AxisOf(axis))], exclusive);
    }

    /// <summary>A value with other numbers at some places of an axis.</summary>
    /// <param name="x">The value.</param>
    /// <param name="places">Places along the axis, of the shape of the numbers.</param>
    /// <param name="numbers">What is put there.</param>
    /// <param name="axis">The axis.</param>
    internal OnnxValue Put(OnnxValue x, OnnxValue places, OnnxValue numbers, int axis)
    {
        const string type = "ScatterElements";
        RequireElement(type, OnnxElement.Int64, places);
        Require(x.Element == numbers.Element && x.Rank == numbers.Rank, type, "their types or axes differ", x, numbers);
        Require(places.Shape.SequenceEqual(numbers.Shape), type, "each number needs a place", places, numbers);
        return Add(type, x.Element, x.Shape, [x, places, numbers], Attribute("axis", (long)x.AxisOf(axis)));
    }
}
