using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A parameter in training: what the model computes with, the float32 weights behind it, and the optimizer's moments.</summary>
internal sealed class TrainedParameter : IDisposable
{
    private readonly Parameter _parameter;
    private readonly bool _ownMaster;
    private Tensor? _sum;

    /// <summary>Takes a parameter into training.</summary>
    /// <param name="name">Its name in the state dictionary.</param>
    /// <param name="parameter">What the model computes with.</param>
    /// <param name="master">The float32 weights, which become this object's; null where they are the parameter itself.</param>
    /// <param name="role">What it is for.</param>
    /// <param name="rateFactor">Its share of the learning rate.</param>
    internal TrainedParameter(string name, Parameter parameter, Tensor? master, ParameterRole role, double rateFactor)
    {
        Name = name;
        _parameter = parameter;
        _ownMaster = master is not null;
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

    /// <summary>Steps that this parameter took; one that thaws later has fewer than the training.</summary>
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

    /// <summary>The gradient since it was last cleared, in the model's precision, or in full where it was collected; null where there is none.</summary>
    internal Tensor? Gradient => _sum?.alias() ?? _parameter.grad;

    /// <summary>Adds a backward pass in reduced precision to a sum in full precision; in float32 torch has added it up already.</summary>
    internal void Collect()
    {
        if (!_ownMaster)
            return;
        using var fresh = _parameter.grad;
        if (fresh is null)
            return;
        if (_sum is null)
            _sum = fresh.to(ScalarType.Float32).DetachFromDisposeScope();
        else
            _sum.add_(fresh);
        _parameter.grad = null;
    }

    internal void ClearGradient()
    {
        _parameter.grad = null;
        _sum?.Dispose();
        _sum = null;
    }

    /// <summary>Allocates the running mean of the gradient.</summary>
    internal void EnsureMean() => Mean ??= zeros_like(Master).detach().DetachFromDisposeScope();

    /// <summary>Allocates both moments.</summary>
    internal void EnsureMoments()
    {
        EnsureMean();
        Square ??= zeros_like(Master).detach().DetachFromDisposeScope();
    }

    /// <summary>What the model computes with, where that is not <see cref="Master"/> itself.</summary>
    internal Tensor? Reduced => _ownMaster ? _parameter : null;

    /// <summary>Gives the model the weights that the optimizer arrived at.</summary>
    internal void Publish() => Reduced?.copy_(Master);

    // The parameter is the model's, which may have replaced it by now.
    public void Dispose()
    {
        _sum?.Dispose();
        Mean?.Dispose();
        Square?.Dispose();
        if (_ownMaster)
            Master.Dispose();
    }
}
