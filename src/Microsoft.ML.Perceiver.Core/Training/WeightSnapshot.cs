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
