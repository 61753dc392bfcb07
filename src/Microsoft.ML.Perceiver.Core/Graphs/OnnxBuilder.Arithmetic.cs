namespace Microsoft.ML.Perceiver;

/// <content>Operators that compute each number by itself, with NumPy's rules of broadcasting.</content>
internal sealed partial class OnnxBuilder
{
    internal OnnxValue Plus(OnnxValue a, OnnxValue b) => Binary("Add", a, b);

    internal OnnxValue Minus(OnnxValue a, OnnxValue b) => Binary("Sub", a, b);

    internal OnnxValue Multiply(OnnxValue a, OnnxValue b) => Binary("Mul", a, b);

    /// <summary>The quotient; of integers, without the rest.</summary>
    internal OnnxValue Divide(OnnxValue a, OnnxValue b) => Binary("Div", a, b);

    /// <summary>What is left of a division of integers.</summary>
    internal OnnxValue Remainder(OnnxValue a, OnnxValue b) => Binary("Mod", a, b);

    internal OnnxValue Larger(OnnxValue a, OnnxValue b) => Binary("Max", a, b);

    internal OnnxValue Smaller(OnnxValue a, OnnxValue b) => Binary("Min", a, b);

    internal OnnxValue AreEqual(OnnxValue a, OnnxValue b) => Binary("Equal", a, b, OnnxElement.Boolean);

    internal OnnxValue Magnitude(OnnxValue x) => Unary("Abs", x);

    /// <summary>The largest whole number that is not above a number.</summary>
    internal OnnxValue Floor(OnnxValue x) => Unary("Floor", x);

    internal OnnxValue Erf(OnnxValue x) => Unary("Erf", x);

    internal OnnxValue Relu(OnnxValue x) => Unary("Relu", x);

    internal OnnxValue Selu(OnnxValue x) => Unary("Selu", x);

    internal OnnxValue Sigmoid(OnnxValue x) => Unary("Sigmoid", x);

    internal OnnxValue Softplus(OnnxValue x) => Unary("Softplus", x);

    internal OnnxValue SquareRoot(OnnxValue x) => Unary("Sqrt", x);

    internal OnnxValue Sine(OnnxValue x) => Unary("Sin", x);

    internal OnnxValue Cosine(OnnxValue x) => Unary("Cos", x);

    internal OnnxValue Tanh(OnnxValue x) => Unary("Tanh", x);

    internal OnnxValue LeakyRelu(OnnxValue x, double slope) => Unary("LeakyRelu", x, Attribute("alpha", (float)slope));

    internal OnnxValue Clamp(OnnxValue x, double least, double largest)
    {
        RequireFloats("Clip", x);
        return Add("Clip", x.Element, x.Shape, [x, Number(least, x.Element), Number(largest, x.Element)]);
    }

    internal OnnxValue Cast(OnnxValue x, OnnxElement element) =>
        x.Element == element ? x : Add("Cast", element, x.Shape, [x], Attribute("to", (long)element));

    private OnnxValue Unary(string type, OnnxValue x, params IReadOnlyList<OnnxAttribute> attributes)
    {
        RequireFloats(type, x);
        return Add(type, x.Element, x.Shape, [x], attributes);
    }

    private OnnxValue Binary(string type, OnnxValue a, OnnxValue b, OnnxElement? result = null)
    {
        Require(a.Element == b.Element, type, "their types differ", a, b);
        return Add(type, result ?? a.Element, Broadcast(type, a.Shape, b.Shape, a, b), [a, b]);
    }

    /// <summary>The shape of what is computed of two shapes, number by number.</summary>
    private static OnnxDimension[] Broadcast(
        string type, IReadOnlyList<OnnxDimension> first, IReadOnlyList<OnnxDimension> second, OnnxValue a, OnnxValue b)
    {
        var shape = new OnnxDimension[Math.Max(first.Count, second.Count)];
        for (int i = 1; i <= shape.Length; i++)
        {
            OnnxDimension x = i <= first.Count ? first[^i] : 1, y = i <= second.Count ? second[^i] : 1;
            Require(x == y || x.Is(1) || y.Is(1), type, "their shapes differ", a, b);
            shape[^i] = x.Is(1) ? y : x;
        }

        return shape;
    }
}
