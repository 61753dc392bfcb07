using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A copy of a model's parameters and buffers.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> _copies = new(StringComparer.Ordinal);

    /// <summary>The copies by name; empty before the first copy.</summary>
    internal IReadOnlyDictionary<string, Tensor> Tensors => _copies;

    /// <summary>Copies weights over the last copy.</summary>
    internal void CopyFrom(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var gradients = no_grad();
        foreach (var (name, value) in weights)
        {
            if (_copies.TryGetValue(name, out var copy))
                copy.copy_(value);
            else
                _copies[name] = value.detach().clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Moves the copies towards weights; the first time it copies them.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="decay">The weight of the copies in the average.</param>
    internal void Average(IReadOnlyDictionary<string, Tensor> weights, double decay)
    {
        if (_copies.Count == 0)
        {
            CopyFrom(weights);
            return;
        }

        using var gradients = no_grad();
        foreach (var (name, value) in weights)
        {
            // Counters, such as those of batch normalisation, are not averaged.
            if (value.is_floating_point())
                _copies[name].mul_(Scalars.Kept(decay)).add_(value, alpha: Scalars.Kept(1 - decay));
            else
                _copies[name].copy_(value);
        }
    }

    /// <summary>Gives weights the copied values.</summary>
    internal void CopyTo(IReadOnlyDictionary<string, Tensor> weights)
    {
        using var gradients = no_grad();
        foreach (var (name, value) in weights)
            value.copy_(_copies[name]);
    }

    public void Dispose()
    {
        foreach (var copy in _copies.Values)
            copy.Dispose();
        _copies.Clear();
    }
}
