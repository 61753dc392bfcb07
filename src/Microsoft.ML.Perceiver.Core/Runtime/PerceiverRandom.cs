using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The random number generator of a training. It has torch generators of its own, so that torch's global random state, and the user's
/// numbers from it, do not change. Its managed numbers do not depend on the version of .NET (xoshiro256**, Blackman and Vigna 2018).
/// </summary>
public sealed class PerceiverRandom : IDisposable
{
    [ThreadStatic]
    private static PerceiverRandom? _current;

    private readonly Dictionary<string, Generator> _generators = [];
    private readonly ulong _seed;
    private readonly ulong[] _state = new ulong[4];

    /// <summary>Makes a random number generator.</summary>
    /// <param name="seed">The seed; the same seed gives the same numbers.</param>
    public PerceiverRandom(long seed)
    {
        ulong x = unchecked((ulong)seed);
        for (int i = 0; i < 4; i++)
            _state[i] = SplitMix(ref x);
        _seed = SplitMix(ref x);
    }

    /// <summary>Sets some of a tensor's elements to zero and scales the others so that the expected sum stays.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="probability">The probability of each element to become zero.</param>
    /// <param name="training">Whether to do so; otherwise the tensor itself is returned.</param>
    /// <returns>
    /// The tensor with elements dropped by the generator that this thread uses, or by torch's own dropout where it uses none.
    /// </returns>
    public static Tensor Dropout(Tensor x, double probability, bool training)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (!training || probability == 0)
            return x;
        if (_current is not { } random)
            return nn.functional.dropout(x, probability, training: true);
        using var mask = empty(x.shape, x.dtype, x.device);
        mask.bernoulli_(1 - probability, random.On(x.device)).mul_(Scalars.Kept(1 / (1 - probability)));
        return x * mask;
    }

    /// <summary>Random booleans, by the generator that this thread uses, or by torch's own where it uses none.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="probability">The probability of true.</param>
    /// <param name="device">The device.</param>
    internal static Tensor Bernoulli(long[] shape, double probability, Device device)
    {
        using var drawn = empty(shape, ScalarType.Float32, device).bernoulli_(probability, _current?.On(device));
        return drawn.to(ScalarType.Bool);
    }

    /// <summary>A random integer, at least 0.</summary>
    /// <param name="below">The exclusive upper bound.</param>
    /// <returns>An integer from 0 to <paramref name="below"/> - 1.</returns>
    public int Next(int below)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(below);
        return (int)Math.BigMul(NextBits(), (ulong)below, out _);
    }

    /// <summary>A random number, at least 0 and below 1.</summary>
    /// <returns>A number in [0, 1).</returns>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1L << 53));

    /// <summary>Puts items in random order.</summary>
    /// <typeparam name="T">The type of the items.</typeparam>
    /// <param name="items">The items.</param>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Runs something again with the random numbers of the first time; later numbers are not affected.</summary>
    internal T Replay<T>(PerceiverRandomState state, Func<T> run)
    {
        using var scope = Use();
        var now = Save();
        Restore(state);
        try
        {
            return run();
        }
        finally
        {
            Restore(now);
        }
    }

    /// <summary>The generator that this thread's modules use; null where there is none.</summary>
    internal static PerceiverRandom? Current => _current;

    /// <summary>The torch generator of a device.</summary>
    /// <param name="device">The device.</param>
    /// <returns>The generator, which belongs to this object.</returns>
    public Generator On(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        string key = device.ToString();
        if (!_generators.TryGetValue(key, out var generator))
            _generators[key] = generator = new Generator(_seed, device);
        return generator;
    }

    /// <summary>Releases the generators.</summary>
    public void Dispose()
    {
        foreach (var generator in _generators.Values)
            generator.Dispose();
        _generators.Clear();
    }

    /// <summary>Makes this the generator of the modules that run on this thread, until the result is disposed.</summary>
    internal Scope Use()
    {
        var scope = new Scope(_current);
        _current = this;
        return scope;
    }

    /// <summary>The state, to continue from later.</summary>
    internal PerceiverRandomState Save()
    {
        var generators = new Dictionary<string, byte[]>();
        foreach (var (device, generator) in _generators)
        {
            using var state = generator.get_state();
            generators[device] = state.data<byte>().ToArray();
        }

        return new PerceiverRandomState([.. _state], generators);
    }

    /// <summary>Continues from a saved state.</summary>
    internal void Restore(PerceiverRandomState saved)
    {
        saved.Numbers.CopyTo(_state, 0);
        // Generators that were not in use at that time start again from the seed.
        foreach (string name in _generators.Keys.Except(saved.Generators.Keys).ToArray())
        {
            _generators[name].Dispose();
            _generators.Remove(name);
        }

        foreach (var (name, bytes) in saved.Generators)
        {
            using var state = tensor(bytes, ScalarType.Byte);
            On(device(name)).set_state(state);
        }
    }

    /// <summary>64 random bits.</summary>
    internal ulong NextBits()
    {
        ulong result = ulong.RotateLeft(_state[1] * 5, 7) * 9, t = _state[1] << 17;
        _state[2] ^= _state[0];
        _state[3] ^= _state[1];
        _state[1] ^= _state[2];
        _state[0] ^= _state[3];
        _state[2] ^= t;
        _state[3] = ulong.RotateLeft(_state[3], 45);
        return result;
    }

    /// <summary>A number whose every bit depends on every bit of another (the finaliser of SplitMix64).</summary>
    internal static ulong Mix(ulong z)
    {
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    private static ulong SplitMix(ref ulong x) => Mix(unchecked(x += 0x9E3779B97F4A7C15));

    internal readonly struct Scope(PerceiverRandom? previous) : IDisposable
    {
        public void Dispose() => _current = previous;
    }
}

/// <summary>The state of a <see cref="PerceiverRandom"/>.</summary>
/// <param name="Numbers">The state of its managed numbers.</param>
/// <param name="Generators">The state of torch's generators by device.</param>
internal sealed record PerceiverRandomState(ulong[] Numbers, Dictionary<string, byte[]> Generators);
