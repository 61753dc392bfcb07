using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The weights of a model in training. Where the model computes in less than float32, the full weights are kept here, also of parameters
/// that are not trained, and the model's own follow them; when the training ends the model is in float32 again.
/// </summary>
internal sealed class TrainedWeights : IDisposable
{
    private readonly nn.Module _model;
    private readonly ParameterGroups _parts;
    private readonly WeightSnapshot _replaced = new();
    private readonly Dictionary<string, TrainedParameter> _byName;

    // Parameters without gradients, in float32 where the model's own are in less.
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
            {
                var full = parameter.detach().to(ScalarType.Float32, copy: true).DetachFromDisposeScope();
                (parameter.requires_grad ? masters : _constant)[name] = full;
            }

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

    /// <summary>Freezes the parts that are not trained in an epoch, and unfreezes all others.</summary>
    internal void FreezeFor(int epoch)
    {
        foreach (var (name, parameter) in _byName)
            parameter.IsFrozen = _parts.IsFrozen(name, epoch);
    }

    /// <summary>Loads weights of a checkpoint.</summary>
    internal void Load(SafeTensorsFile file)
    {
        using var gradients = no_grad();
        foreach (var (name, value) in Full())
        {
            using var read = file.Get(name);
            value.copy_(read);
        }

        foreach (var parameter in _byName.Values)
            parameter.CopyToModel();
    }


    /// <summary>Calls a function while the model has other weights.</summary>
    internal T With<T>(WeightSnapshot other, Func<T> run)
    {
        _replaced.CopyFrom(_model.state_dict());
        other.CopyTo(_model.state_dict());
        try
        {
            return run();
        }
        finally
        {
            _replaced.CopyTo(_model.state_dict());
        }
    }

    /// <summary>
    /// Ends the training: the model is in float32, no parameter is frozen that was not before, and it has the given weights, or its last
    /// where none are given.
    /// </summary>
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
        _replaced.Dispose();
        foreach (var parameter in _byName.Values)
            parameter.Dispose();
        foreach (var value in _constant.Values)
            value.Dispose();
    }
}
