using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An affine map of the last axis; keys <c>weight</c> and <c>bias</c>.</summary>
internal sealed class PerceiverLinear : PerceiverParameterModule
{
    private PreparedMap? _prepared;

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
    internal bool IsInt8 => _prepared is Int8Map;

    /// <summary>Whether predictions are computed by prepared weights.</summary>
    internal bool IsPrepared => _prepared is not null;

    private PreparedMap? Prepared => !training && _prepared is { IsUsable: true } map ? map : null;

    internal Tensor Weight => this[0];

    internal Tensor Bias => this[1];

    /// <summary>Its numbers.</summary>
    internal AffineMap Numbers => new(Weight, Bias);

    internal Tensor forward(Tensor x) => Prepared is { } map ? map.Apply(x) : Affine(x, this[0], this[1]);

    /// <summary>The map in a graph, by its own weights whether or not they are prepared.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="x">[..., inputs].</param>
    /// <param name="mayRound">Whether the forms of 8-bit integers round its weight: in the layers, which are most of a model.</param>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x, bool mayRound = false) => builder.Linear(x, Weight, Bias, mayRound);

    /// <summary>The map, and then the GELU of the error function.</summary>
    /// <param name="x">[..., inputs].</param>
    internal Tensor Gelu(Tensor x) => Prepared is { } map ? map.ApplyGelu(x) : nn.functional.gelu(forward(x));

    /// <summary>The map's result and a residual.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="residual">Broadcast to [..., outputs].</param>
    internal Tensor Add(Tensor x, Tensor residual)
    {
        bool hasResultsShape = residual.shape[..^1].AsSpan().SequenceEqual(x.shape.AsSpan(..^1));
        return Prepared is { } map && hasResultsShape ? map.ApplyAdd(x, residual) : Residual.Add(forward(x), residual);
    }

    /// <summary>An affine map of the last axis, by the product that is fastest for the number format and the processor.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs]; null for none.</param>
    internal static Tensor Affine(Tensor x, Tensor weight, Tensor? bias) =>
        WideProducts.AppliesTo(x) ? WideProducts.Linear(x, weight, bias) : nn.functional.linear(x, weight, bias);

    /// <summary>Computes by prepared weights from now on, except in training; the weights stay as they are.</summary>
    /// <param name="preparation">How they are prepared.</param>
    internal void Prepare(IWeightPreparation preparation)
    {
        UseOwnWeights();
        _prepared = preparation.Prepare(Numbers);
    }

    /// <summary>Computes by the weights themselves again.</summary>
    internal void UseOwnWeights()
    {
        _prepared?.Dispose();
        _prepared = null;
    }

    /// <inheritdoc/>
    public override void train(bool on = true)
    {
        // Weights that are rearranged would not follow the training.
        if (on && _prepared is PackedMap)
            UseOwnWeights();
        base.train(on);
    }

    /// <inheritdoc/>
    protected override void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
    {
        if (_prepared is PackedMap packed && packed.IsOutdatedBy(dtype, device))
            UseOwnWeights();
        base._toEpilog(dtype, device, non_blocking);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            UseOwnWeights();
        base.Dispose(disposing);
    }
}
