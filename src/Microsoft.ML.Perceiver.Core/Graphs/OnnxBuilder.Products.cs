using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <content>Products of matrices.</content>
internal sealed partial class OnnxBuilder
{
    /// <summary>Products of the last two axes; those before them are broadcast.</summary>
    internal OnnxValue MatMul(OnnxValue a, OnnxValue b)
    {
        RequireFloats("MatMul", a, b);
        Require(a.Element == b.Element, "MatMul", "their types differ", a, b);
        Require(a.Rank >= 2 && b.Rank >= 2 && a[-1] == b[-2], "MatMul", "columns and rows differ", a, b);
        var leading = Broadcast("MatMul", a.Leading(2), b.Leading(2), a, b);
        return Add("MatMul", a.Element, [.. leading, a[-2], b[-1]], [a, b]);
    }

    /// <summary>An affine map of the last axis.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs].</param>
    /// <param name="mayRound">Whether the weight is one of those that the forms of 8-bit integers round.</param>
    internal OnnxValue Linear(OnnxValue x, Tensor weight, Tensor bias, bool mayRound)
    {
        RequireElement("MatMul", OnnxElement.Float, x);
        Require(x.Rank >= 2 && x[-1].Is(weight.shape[1]), "MatMul", $"the map takes {weight.shape[1]} channels", x);
        OnnxDimension[] shape = [.. x.Leading(), weight.shape[0]];
        return !mayRound ? Plus(MatMul(x, Parameter(weight, OnnxLayout.Transposed)), Parameter(bias)) : form.Weights switch
        {
            OnnxWeights.Int8 => RoundedLinear(x, weight, bias, shape),
            OnnxWeights.Int8Blocks => BlockLinear(x, weight, bias, shape),
            _ => Plus(MatMul(x, Parameter(weight, OnnxLayout.Transposed)), Parameter(bias)),
        };
    }

    private OnnxValue RoundedLinear(OnnxValue x, Tensor weight, Tensor bias, OnnxDimension[] shape)
    {
        var (rounded, scales) = Rounded(weight, OnnxLayout.RoundedByOutput);
        var (bytes, scale, zero) = RoundedInput(x);
        OnnxValue?[] inputs = [bytes, rounded, scale, scales, zero, null, Parameter(bias)];
        return AddTo(OnnxOperators.RuntimeDomain, "MatMulIntegerToFloat", OnnxElement.Float, shape, inputs, []);
    }

    // The runtime rounds x in each call, by its smallest and largest number, to bytes; once for all products of it.
    private (OnnxValue Bytes, OnnxValue Scale, OnnxValue Zero) RoundedInput(OnnxValue x)
    {
        if (_roundedInputs.TryGetValue(x, out var known))
            return known;
        var outputs = AddSeveral(
            "DynamicQuantizeLinear", [(OnnxElement.UInt8, x.Shape), (OnnxElement.Float, []), (OnnxElement.UInt8, [])], x);
        return _roundedInputs[x] = (outputs[0], outputs[1], outputs[2]);
    }

    private OnnxValue BlockLinear(OnnxValue x, Tensor weight, Tensor bias, OnnxDimension[] shape)
    {
        var (rounded, scales) = Rounded(weight, OnnxLayout.RoundedByBlock);
        OnnxAttribute[] attributes =
        [
            Attribute("K", weight.shape[1]),
            Attribute("N", weight.shape[0]),
            Attribute("bits", 8L),
            Attribute("block_size", (long)OnnxForm.BlockInputs),
            // x is rounded to 8-bit integers too.
            Attribute("accuracy_level", 4L),
        ];
        var product = AddTo(OnnxOperators.RuntimeDomain, "MatMulNBits", OnnxElement.Float, shape, [x, rounded, scales], attributes);
        return Plus(product, Parameter(bias));
    }

    private (OnnxValue Rounded, OnnxValue Scales) Rounded(Tensor weight, OnnxLayout layout)
    {
        if (_rounded.TryGetValue((weight, layout), out var known))
            return known;
        long outputs = weight.shape[0], inputs = weight.shape[1], blocks = (inputs + OnnxForm.BlockInputs - 1) / OnnxForm.BlockInputs;
        bool byOutput = layout == OnnxLayout.RoundedByOutput;
        var scales = OnnxRounding.Scales(weight, layout, form.SevenBits);
        long[] shape = byOutput ? [inputs, outputs] : [outputs, blocks, OnnxForm.BlockInputs];
        string name = NameOf(weight);
        var stored = Initializer($"{name}.rounded", byOutput ? OnnxElement.Int8 : OnnxElement.UInt8, shape, weight, layout, scales);
        return _rounded[(weight, layout)] = (stored, Table($"{name}.scales", scales));
    }

    private readonly Dictionary<OnnxValue, (OnnxValue, OnnxValue, OnnxValue)> _roundedInputs = new(ReferenceEqualityComparer.Instance);

    private readonly Dictionary<(Tensor Weight, OnnxLayout Layout), (OnnxValue, OnnxValue)> _rounded = new(ByReference.Instance);
}
