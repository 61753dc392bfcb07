using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The weights of a model in training. Where the model computes in less than float32, the full weights lie beside it and the model's own
/// follow them, also where they do not learn; when the training ends the model has float32 again.
/// </summary>
internal sealed class TrainedWeights : IDisposable
{
    private readonly nn.Module _model;
    private readonly ParameterGroups _parts;
    private readonly WeightSnapshot _hidden = new();
    private readonly Dictionary<string, TrainedParameter> _byName;

    // What the caller froze, in float32 where the model's own are in less.
    private readonly Dictionary<string, Tensor> _constant = new(StringComparer.Ordinal);
    private readonly bool _reduced;

    internal TrainedWeights(nn.Module model, PerceiverTrainingOptions options)
    {
        _model = model;
        _parts = new ParameterGroups(model, options);
        _reduced = options.Precision != PerceiverPrecision.Float32;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var masters = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        if (_reduced)
        {
            foreach (var (name, parameter) in model.named_parameters())
                (parameter.requires_grad ? masters : _constant)[name] = parameter.detach().to(ScalarType.Float32, copy: true).DetachFromDisposeScope();
            model.to(options.Precision.ToScalarType());
        }

        var roles = ParameterRoles.Of(model);
        _byName = model.named_parameters()
            .Where(p => p.parameter.requires_grad)
            .ToDictionary(
                p => p.name,
                p => new TrainedParameter(p.name, p.parameter, masters.GetValueOrDefault(p.name), roles[p.name], _parts.FactorOf(p.name)),
                StringComparer.Ordinal);
    }

    internal IReadOnlyList<TrainedParameter> Parameters => [.. _byName.Values];

    /// <summary>Every weight and buffer in full precision, by name.</summary>
    internal IReadOnlyDictionary<string, Tensor> Full() =>
        _model.state_dict().ToDictionary(
            p => p.Key,
            p => _byName.TryGetValue(p.Key, out var trained) ? trained.Master : _constant.GetValueOrDefault(p.Key, p.Value),
            StringComparer.Ordinal);

    /// <summary>Lets the parts learn that an epoch is for.</summary>
    internal void Thaw(int epoch)
    {
        foreach (var (name, parameter) in _byName)
            parameter.IsFrozen = _parts.IsFrozen(name, epoch);
    }

    /// <summary>Takes weights up that were written.</summary>
    internal void Load(SafeTensorsFile file)
    {
        using var gradients = no_grad();
        foreach (var (name, value) in Full())
        {
            using var read = file.Get(name);
            value.copy_(read);
        }

        foreach (var parameter in _byName.Values)
            parameter.Publish();
    }

    /// <summary>Runs something while the model has other weights.</summary>
    internal T With<T>(WeightSnapshot other, Func<T> run)
    {
        _hidden.Take(_model.state_dict());
        other.Restore(_model.state_dict());
        try
        {
            return run();
        }
        finally
        {
            _hidden.Restore(_model.state_dict());
        }
    }

    /// <summary>Ends the training: the model is in float32, nothing is frozen that was not, and it has the given weights, or its last where none are given.</summary>
    internal void Finish(WeightSnapshot best)
    {
        foreach (var parameter in _byName.Values)
        {
            parameter.IsFrozen = false;
            parameter.ClearGradient();
        }

        if (_reduced)
            _model.to(ScalarType.Float32);
        using var gradients = no_grad();
        var final = best.Tensors.Count > 0 ? best.Tensors : Full();
        foreach (var (name, value) in _model.state_dict())
            value.copy_(final[name]);
    }

    public void Dispose()
    {
        _hidden.Dispose();
        foreach (var parameter in _byName.Values)
            parameter.Dispose();
        foreach (var value in _constant.Values)
            value.Dispose();
    }
}
