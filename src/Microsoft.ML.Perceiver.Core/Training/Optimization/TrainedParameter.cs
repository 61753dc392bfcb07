using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A parameter in training: what the model computes with, the float32 weights behind it, and the optimizer's moments.</summary>
internal sealed class TrainedParameter : IDisposable
{
    private readonly Parameter _parameter;
    private readonly bool _ownsMaster;
    private Tensor? _accumulated;

    /// <param name="name">Its name in the state dictionary.</param>
    /// <param name="parameter">What the model computes with.</param>
    /// <param name="master">The float32 weights, which this object disposes; null where they are the parameter itself.</param>
    /// <param name="role">What it is for.</param>
    /// <param name="rateFactor">Its share of the learning rate.</param>
    internal TrainedParameter(string name, Parameter parameter, Tensor? master, ParameterRole role, double rateFactor)
    {
        Name = name;
        _parameter = parameter;
        _ownsMaster = master is not null;
        Master = master ?? parameter;
        Role = role;
        RateFactor = rateFactor;
    }

    internal string Name { get; }

    /// <summary>The weights in full precision.</summary>
    internal Tensor Master { get; }

    internal ParameterRole Role { get; }

    /// <summary>Whether weight decay is for it: for the matrices of affine maps, and not for what is looked up, added or scaled.</summary>
    internal bool IsDecayed => Role is ParameterRole.Hidden or ParameterRole.Output;

    internal double RateFactor { get; }

    /// <summary>Steps that changed this parameter; one that is frozen at first has fewer than the training.</summary>
    internal long Steps { get; set; }

    /// <summary>Running mean of the gradient; null before the first step.</summary>
    internal Tensor? Mean { get; private set; }

    /// <summary>Running mean of the gradient's square.</summary>
    internal Tensor? Square { get; private set; }

    internal bool IsFrozen
    {
        get => !_parameter.requires_grad;
        set => _parameter.requires_grad = !value;
    }

    /// <summary>
    /// The gradient since it was last cleared: in float32 where several were accumulated, otherwise in the model's precision; null for
    /// none.
    /// </summary>
    internal Tensor? Gradient => _accumulated?.alias() ?? _parameter.grad;

    /// <summary>
    /// Adds the gradient of a backward pass in reduced precision to a sum in float32; in float32 torch has added it already.
    /// </summary>
    internal void AccumulateGradient()
    {
        if (!_ownsMaster)
            return;
        using var gradient = _parameter.grad;
        if (gradient is null)
            return;
        if (_accumulated is null)
            _accumulated = gradient.to(ScalarType.Float32).DetachFromDisposeScope();
        else
            _accumulated.add_(gradient, Scalars.One);
        _parameter.grad = null;
    }

    /// <summary>Gives the parameter another gradient, of which a copy is kept.</summary>
    /// <param name="gradient">The gradient in float32, on any device.</param>
    internal void ReplaceGradient(Tensor gradient)
    {
        if (_ownsMaster)
        {
            _accumulated ??= empty_like(Master).DetachFromDisposeScope();
            _accumulated.copy_(gradient);
            return;
        }

        using var own = _parameter.grad;
        if (own is not null)
            own.copy_(gradient);
        else
            _parameter.grad = empty_like(_parameter).copy_(gradient);
    }

    internal void ClearGradient()
    {
        _parameter.grad = null;
        _accumulated?.Dispose();
        _accumulated = null;
    }

    /// <summary>Allocates the running mean of the gradient.</summary>
    internal void EnsureMean() => Mean ??= zeros_like(Master).detach().DetachFromDisposeScope();

    /// <summary>Allocates both moments.</summary>
    internal void EnsureMoments()
    {
        EnsureMean();
        Square ??= zeros_like(Master).detach().DetachFromDisposeScope();
    }

    /// <summary>What the model computes with, where it is not <see cref="Master"/>.</summary>
    internal Tensor? Reduced => _ownsMaster ? _parameter : null;

    /// <summary>Copies the full weights to the model where it computes in less.</summary>
    internal void CopyToModel() => Reduced?.copy_(Master);

    // The parameter belongs to the model, which may have replaced it.
    public void Dispose()
    {
        _accumulated?.Dispose();
        Mean?.Dispose();
        Square?.Dispose();
        if (_ownsMaster)
            Master.Dispose();
    }
}
