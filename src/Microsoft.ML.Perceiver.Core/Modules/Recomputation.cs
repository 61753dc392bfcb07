using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Activation recomputation (Chen et al. 2016, "Training deep nets with sublinear memory cost"): a layer keeps only its input, and is
/// computed again in the backward pass.
/// </summary>
internal sealed class Recomputation : autograd.SingleTensorFunction<Recomputation>
{
    private const string LayerKey = "layer", RandomKey = "random", StateKey = "state";

    /// <inheritdoc/>
    public override string Name => nameof(Recomputation);

    /// <summary>Runs a layer; only its input and its output are kept for the gradient.</summary>
    /// <param name="layer">The layer. It may be run twice, and must give the same both times.</param>
    /// <param name="hidden">Its input.</param>
    /// <param name="parameters">The layer's parameters, for which a gradient is computed even where the input needs none.</param>
    internal static Tensor Run(Func<Tensor, Tensor> layer, Tensor hidden, IEnumerable<Parameter> parameters) =>
        apply(layer, hidden, parameters.FirstOrDefault(p => p.requires_grad) ?? hidden);

    /// <summary>Lets the encoders of a model recompute, until the result is disposed.</summary>
    internal static IDisposable Enable(nn.Module model, bool enabled)
    {
        var encoders = enabled ? model.modules().Prepend(model).OfType<PerceiverEncoder>().ToArray() : [];
        foreach (var encoder in encoders)
            encoder.RecomputeLayers = true;
        return new Reset(encoders);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
    {
        var layer = (Func<Tensor, Tensor>)arguments[0];
        var hidden = (Tensor)arguments[1];
        context.save_data(LayerKey, layer);
        // The generator itself too: the backward pass may run on a thread of torch's, as it does for GPUs, which has no generator of its
        // own.
        if (PerceiverRandom.Current is { } random)
        {
            context.save_data(RandomKey, random);
            context.save_data(StateKey, random.Save());
        }

        context.save_for_backward([hidden]);
        using var gradients = no_grad();
        return layer(hidden);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext context, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var layer = (Func<Tensor, Tensor>)context.get_data(LayerKey);
        var input = context.get_saved_variables()[0].detach().requires_grad_();
        using (enable_grad())
        {
            var output = context.get_data(RandomKey) is PerceiverRandom random
                ? random.Replay((PerceiverRandomState)context.get_data(StateKey), () => layer(input))
                : layer(input);
            output.backward([gradient]);
        }

        return [null!, input.grad!.MoveToOuterDisposeScope(), null!];
    }

    private sealed class Reset(PerceiverEncoder[] encoders) : IDisposable
    {
        public void Dispose()
        {
            foreach (var encoder in encoders)
                encoder.RecomputeLayers = false;
        }
    }
}
