using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An affine map of the last axis; keys <c>weight</c> and <c>bias</c>.</summary>
internal sealed class PerceiverLinear : PerceiverParameterModule
{
    private Int8Map? _int8;

    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="role"><see cref="ParameterRole.Output"/> for a layer that gives answers.</param>
    internal PerceiverLinear(long inputs, long outputs, ParameterRole role = ParameterRole.Hidden) : base(nameof(PerceiverLinear))
    {
        Declare("weight", role, outputs, inputs);
        Declare("bias", ParameterRole.Bias, outputs);
    }

    /// <summary>Whether each row of the output is a label of the configuration.</summary>
    internal bool GivesLabels { get; init; }

    /// <summary>Whether it computes in 8-bit integers, except in training.</summary>
    internal bool IsInt8 => _int8 is not null;

    internal Tensor Weight => this[0];

    internal Tensor Bias => this[1];

    internal Tensor forward(Tensor x) => _int8 is { } map && !training ? map.Apply(x) : Affine(x, this[0], this[1]);

    /// <summary>An affine map of the last axis, by the product that is fastest for the number format and the processor.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs]; null for none.</param>
    internal static Tensor Affine(Tensor x, Tensor weight, Tensor? bias) =>
        WideProducts.AppliesTo(x) ? WideProducts.Linear(x, weight, bias) : nn.functional.linear(x, weight, bias);

    /// <summary>Computes in 8-bit integers from now on, except in training; the weights stay as they are.</summary>
    internal void UseInt8(Int8Weights weights) => _int8 = new Int8Map(weights, this);

    /// <summary>Computes in floats again.</summary>
    internal void UseFloats()
    {
        _int8?.Dispose();
        _int8 = null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            UseFloats();
        base.Dispose(disposing);
    }
}
