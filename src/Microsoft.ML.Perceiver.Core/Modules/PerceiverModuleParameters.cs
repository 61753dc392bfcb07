using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Gives the parameters of modules their memory and their first values.</summary>
public static class PerceiverModuleParameters
{
    /// <summary>
    /// Allocates every parameter of the module that is still on the meta device and initialises it: weights, embeddings and latents from a
    /// normal distribution truncated at two standard deviations, biases with zero, scales with one; buffers likewise. Parameters that have
    /// memory already (those of a part of the user's own) stay as they are. The same seed gives the same weights; torch's global random
    /// state is not changed.
    /// </summary>
    /// <param name="module">A model or a part of one.</param>
    /// <param name="seed">Seed of the random weights.</param>
    /// <param name="standardDeviation">Standard deviation of the weights, <see cref="PerceiverConfig.InitializerRange"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="module"/> is null.</exception>
    /// <exception cref="InsufficientMemoryException">The machine, or the process, cannot have the memory.</exception>
    public static void Initialize(nn.Module module, long seed = 0, double standardDeviation = 0.02)
    {
        ArgumentNullException.ThrowIfNull(module);
        RequireMemory(module);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        foreach (var (owner, key, parameter) in Owned(module))
        {
            if (!parameter.is_meta)
                continue;
            owner.Assign(key, owner.RoleOf(key) switch
            {
                ParameterRole.Scale => ones(parameter.shape, parameter.dtype, CPU),
                ParameterRole.Bias => zeros(parameter.shape, parameter.dtype, CPU),
                _ => TruncatedNormal(parameter.shape, standardDeviation, generator).to(parameter.dtype),
            });
        }
    }

    /// <summary>Checks how many parameters a model has, which on the meta device costs no memory.</summary>
    /// <exception cref="ArgumentException">There are more than <see cref="PerceiverConfigLimits.Parameters"/>.</exception>
    internal static void CheckCount(nn.Module module)
    {
        var owned = Owned(module).ToArray();
        long count = owned.Sum(o => o.Value.NumberOfElements);
        if (count <= PerceiverConfigLimits.Parameters)
            return;
        var largest = owned.MaxBy(o => o.Value.NumberOfElements).Value;
        throw new ArgumentException(
            $"The configuration gives a model of {count} parameters; the limit is {PerceiverConfigLimits.Parameters}. "
            + $"The largest has the shape [{string.Join(", ", largest.shape)}].");
    }

    // The system would give the memory and end the process once it is written to.
    private static void RequireMemory(nn.Module module)
    {
        var missing = Owned(module).Where(o => o.Value.is_meta).Select(o => o.Value.NumberOfElements).ToArray();
        if (missing.Length == 0)
            return;
        // One parameter more, as weights of a reduced precision are drawn in float32.
        long count = missing.Sum() + missing.Max();
        ProcessMemory.Require(count * sizeof(float), $"a model of {missing.Sum()} parameters");
    }

    /// <summary>Every parameter and buffer of a module with the module that owns it.</summary>
    internal static IEnumerable<(PerceiverParameterModule Owner, string Key, Tensor Value)> Owned(nn.Module module) =>
        OwnedWithNames(module).Select(x => (x.Owner, x.Key, x.Value));

    /// <summary>As <see cref="Owned"/>, with the full state-dictionary name.</summary>
    internal static IEnumerable<(string Name, PerceiverParameterModule Owner, string Key, Tensor Value)> OwnedWithNames(nn.Module module)
    {
        IEnumerable<(string name, nn.Module module)> all = module.named_modules().Prepend(("", module));
        foreach (var (name, candidate) in all.ToArray())
        {
            if (candidate is not PerceiverParameterModule owner)
                continue;
            var parameters = owner.named_parameters(recurse: false).Select(p => (Key: p.name, Value: (Tensor)p.parameter));
            var buffers = owner.named_buffers(recurse: false).Select(b => (b.name, b.buffer));
            foreach (var (key, value) in parameters.Concat(buffers).ToArray())
                yield return (name.Length == 0 ? key : $"{name}.{key}", owner, key, value);
        }
    }

    /// <summary>Draws by the inverse of the distribution function, so that no value is rejected and drawn again.</summary>
    private static Tensor TruncatedNormal(long[] shape, double standardDeviation, Generator generator)
    {
        const double tail = 0.022750131948179195; // mass of the normal distribution below -2
        // Not torch.rand: where its allocation fails, TorchSharp takes an uninitialised pointer for the tensor, and the process ends.
        var uniform = empty(shape, ScalarType.Float32, CPU).uniform_(0, 1, generator);
        return uniform.mul_(Scalars.Kept(2 * (1 - 2 * tail))).sub_(Scalars.Kept(1 - 2 * tail)).erfinv_()
            .mul_(Scalars.Kept(Math.Sqrt(2) * standardDeviation))
            .clamp_(Scalars.Kept(-2 * standardDeviation), Scalars.Kept(2 * standardDeviation));
    }
}
