using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>Operators of neural networks.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>Layer normalisation of the last axis.</summary>
    internal OnnxValue LayerNormalization(OnnxValue x, Tensor scale, Tensor offset, double epsilon)
    {
        const string type = "LayerNormalization";
        RequireElement(type, OnnxElement.Float, x);
        Require(x[-1].Is(scale.shape[0]), type, $"it normalises {scale.shape[0]} channels", x);
        OnnxAttribute[] attributes = [Attribute("axis", -1L), Attribute("epsilon", (float)epsilon)];
        return Add(type, x.Element, x.Shape, [x, Parameter(scale), Parameter(offset)], attributes);
    }

    /// <summary>The GELU of the error function, by one operator where the operator set has it.</summary>
    internal OnnxValue Gelu(OnnxValue x)
    {
        if (form.Opset >= OnnxOperators.GeluSince)
            return Unary("Gelu", x);
        var half = Multiply(x, Plus(Erf(Divide(x, Scalar(Math.Sqrt(2)))), Scalar(1)));
        return Multiply(half, Scalar(0.5));
    }

    /// <summary>The approximation of the GELU by the hyperbolic tangent.</summary>
    internal OnnxValue TanhGelu(OnnxValue x)
    {
        if (form.Opset >= OnnxOperators.GeluSince)
            return Unary("Gelu", x, Attribute("approximate", "tanh"));
        var cube = Multiply(Multiply(x, x), x);
        var inner = Multiply(Plus(x, Multiply(cube, Scalar(0.044715))), Scalar(Math.Sqrt(2 / Math.PI)));
        return Multiply(Multiply(x, Plus(Tanh(inner), Scalar(1))), Scalar(0.5));
    }

    /// <summary>Softmax of the last axis.</summary>
    internal OnnxValue Softmax(OnnxValue x) => Unary("Softmax", x, Attribute("axis", -1L));

    /// <summary>The mean over an axis, which stays with one entry or goes.</summary>
    internal OnnxValue Mean(OnnxValue x, int axis, bool keep) => Reduce("ReduceMean", x, axis, keep, axesSince: 18);

    /// <summary>The sum over an axis, which stays with one entry or goes.</summary>
    internal OnnxValue SumOf(OnnxValue x, int axis, bool keep) => Reduce("ReduceSum", x, axis, keep, axesSince: 13);

    /// <summary>The largest of all numbers, without axes.</summary>
    internal OnnxValue Largest(OnnxValue x) => Add("ReduceMax", x.Element, [], [x], Attribute("keepdims", 0L));

    /// <summary>A convolution over height and width.</summary>
    /// <param name="x">[batch, input channels, height, width].</param>
    /// <param name="kernel">[output channels, input channels, height, width].</param>
    /// <param name="bias">[output channels]; null for none.</param>
    /// <param name="stride">Down and across.</param>
    /// <param name="padding">On each side.</param>
    internal OnnxValue Conv(OnnxValue x, Tensor kernel, Tensor? bias, long stride, long padding)
    {
        long side = kernel.shape[2];
        Require(x.Rank == 4 && x[1].Is(kernel.shape[1]), "Conv", $"the kernel takes {kernel.shape[1]} channels", x);
        OnnxDimension height = Strided("Conv", x, 2, side, stride, padding), width = Strided("Conv", x, 3, side, stride, padding);
        OnnxDimension[] shape = [x[0], kernel.shape[0], height, width];
        OnnxAttribute[] attributes =
        [
            Attribute("kernel_shape", new[] { side, side }),
            Attribute("strides", new[] { stride, stride }),
            Attribute("pads", new[] { padding, padding, padding, padding }),
        ];
        OnnxValue?[] inputs = bias is null ? [x, Parameter(kernel)] : [x, Parameter(kernel), Parameter(bias)];
        return Add("Conv", OnnxElement.Float, shape, inputs, attributes);
    }

    /// <summary>The largest number of windows of an image.</summary>
    internal OnnxValue MaxPool(OnnxValue x, long side, long stride)
    {
        RequireElement("MaxPool", OnnxElement.Float, x);
        OnnxDimension[] shape = [x[0], x[1], Strided("MaxPool", x, 2, side, stride, 0), Strided("MaxPool", x, 3, side, stride, 0)];
        OnnxAttribute[] attributes =
        [
            Attribute("kernel_shape", new[] { side, side }),
            Attribute("strides", new[] { stride, stride }),
        ];
        return Add("MaxPool", OnnxElement.Float, shape, [x], attributes);
    }

    /// <summary>Batch normalisation of an image's channels by the statistics of the training.</summary>
    internal OnnxValue BatchNormalization(OnnxValue x, Tensor scale, Tensor offset, Tensor mean, Tensor variance, double epsilon)
    {
        const string type = "BatchNormalization";
        Require(x.Rank == 4 && x[1].Is(scale.shape[0]), type, $"it normalises {scale.shape[0]} channels", x);
        OnnxValue[] inputs = [x, Parameter(scale), Parameter(offset), Parameter(mean), Parameter(variance)];
        return Add(type, x.Element, x.Shape, inputs, Attribute("epsilon", (float)epsilon));
    }

    private OnnxValue Reduce(string type, OnnxValue x, int axis, bool keep, int axesSince)
    {
        Require(x.Element is OnnxElement.Float or OnnxElement.Double or OnnxElement.Int64, type, "it takes Float, Double or Int64", x);
        int at = x.AxisOf(axis);
        Require(at >= 0 && at < x.Rank, type, $"it has no axis {axis}", x);
        OnnxDimension[] left = [.. x.Shape.Take(at), .. (OnnxDimension[])(keep ? [1] : []), .. x.Shape.Skip(at + 1)];
        var keeps = Attribute("keepdims", keep ? 1L : 0L);
        return form.Opset >= axesSince
            ? Add(type, x.Element, left, [x, Integers(at)], keeps)
            : Add(type, x.Element, left, [x], Attribute("axes", new[] { (long)at }), keeps);
    }

    private static OnnxDimension Strided(string type, OnnxValue x, int axis, long side, long stride, long padding)
    {
        Require(x[axis].IsKnown, type, $"its axis {axis} has no known extent", x);
        long padded = x[axis].Factor + 2 * padding;
        Require(padded >= side, type, $"its axis {axis} is shorter than a window of {side}", x);
        return (padded - side) / stride + 1;
    }
}
