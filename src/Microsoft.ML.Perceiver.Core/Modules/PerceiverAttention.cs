using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Attention with its output map and, where wanted, the query's residual (reference class <c>PerceiverAttention</c>).</summary>
internal sealed class PerceiverAttention : nn.Module
{
    [ComponentName(Name = "self")] private readonly PerceiverSelfAttention _attention;
    [ComponentName(Name = "output")] private readonly PerceiverSelfOutput _output;
    private readonly AttentionShape _shape;
    private readonly bool _queryResidual;

    internal PerceiverAttention(AttentionShape shape, double dropout, bool queryResidual) : base(nameof(PerceiverAttention))
    {
        _attention = new PerceiverSelfAttention(shape, dropout);
        _output = new PerceiverSelfOutput(shape.ValueChannels, shape.OutputChannels);
        _shape = shape;
        _queryResidual = queryResidual;
        RegisterComponents();
    }

    internal PerceiverSelfAttention Inner => _attention;

    /// <summary>The map from the joined heads to the output's width.</summary>
    internal PerceiverLinear Output => _output.Dense;

    /// <summary>As <see cref="PerceiverLayer.AttendTo"/>, without the feed-forward layer.</summary>
    internal Tensor AttendTo(Tensor hidden, Tensor keys, Tensor values) => Mapped(_attention.AttendTo(hidden, keys, values), hidden);

    internal (Tensor Output, Tensor? Probabilities) forward(
        Tensor hidden, Tensor? inputs, Tensor? bias, Tensor? headMask, bool wantProbabilities)
    {
        bool reorders = inputs is not null && headMask is null && !wantProbabilities && !is_grad_enabled();
        var order = reorders ? SingleHeadAttention.Choose(_shape, hidden.shape[1], inputs!.shape[1]) : SingleHeadOrder.Maps;
        if (order != SingleHeadOrder.Maps)
        {
            var output = _attention.forward(hidden, inputs!, bias, order, _output.Dense);
            return (_queryResidual ? Residual.Add(output, hidden) : output, null);
        }

        var (context, probabilities) = _attention.forward(hidden, inputs, bias, headMask, wantProbabilities);
        return (Mapped(context, hidden), probabilities);
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue hidden, OnnxValue? inputs, OnnxValue? bias)
    {
        var output = _output.ToOnnx(builder, _attention.ToOnnx(builder, hidden, inputs, bias));
        return _queryResidual ? builder.Plus(output, hidden) : output;
    }

    private Tensor Mapped(Tensor context, Tensor hidden) =>
        _queryResidual ? _output.forward(context, hidden) : _output.forward(context);
}
