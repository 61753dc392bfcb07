using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A copy of a model's parameters and buffers, to go back to.</summary>
internal sealed class WeightSnapshot : IDisposable
{
    private readonly Dictionary<string, Tensor> _copies = new(StringComparer.Ordinal);

    /// <summary>Copies the state of a model over the last copy.</summary>
    internal void Take(nn.Module module)
    {
        using var gradients = no_grad();
        foreach (var (name, value) in module.state_dict())
        {
            if (_copies.TryGetValue(name, out var copy))
                copy.copy_(value);
            else
                _copies[name] = value.detach().clone().DetachFromDisposeScope();
        }
    }

    /// <summary>Moves the copies towards the state of a model; the first time it takes it.</summary>
    /// <param name="module">The model.</param>
    /// <param name="decay">The copies' own weight.</param>
    internal void Average(nn.Module module, double decay)
    {
        if (_copies.Count == 0)
        {
            Take(module);
            return;
        }

        using var gradients = no_grad();
        foreach (var (name, value) in module.state_dict())
        {
            // Counters, such as those of batch normalisation, are not averaged.
            if (value.is_floating_point())
                _copies[name].mul_(decay).add_(value, alpha: 1 - decay);
            else
                _copies[name].copy_(value);
        }
    }

    /// <summary>Gives a model the copied state.</summary>
    internal void Restore(nn.Module module)
    {
        using var gradients = no_grad();
        foreach (var (name, value) in module.state_dict())
            value.copy_(_copies[name]);
    }

    public void Dispose()
    {
        foreach (var copy in _copies.Values)
            copy.Dispose();
        _copies.Clear();
    }
}
