using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The factor of the learning rate of each part of a model, and which parts are frozen.</summary>
internal sealed class ParameterGroups
{
    private readonly IReadOnlyDictionary<string, double> _factors;
    private readonly IReadOnlyList<string> _frozen;
    private readonly int? _frozenEpochs;

    /// <exception cref="ArgumentException">The model has no such part, or all parts are frozen.</exception>
    internal ParameterGroups(nn.Module model, PerceiverTrainingOptions options)
    {
        _factors = options.LearningRateFactors;
        _frozen = options.FrozenParts;
        _frozenEpochs = options.FrozenEpochs;
        string[] names = model.named_parameters().Select(p => p.name).ToArray();
        foreach (string part in _factors.Keys.Concat(_frozen))
        {
            if (!names.Any(n => Matches(n, part)))
            {
                var parts = names.Select(n => string.Join('.', n.Split('.').Take(2))).Distinct();
                throw new ArgumentException(
                    $"The model has no part '{part}'. Parts are the beginnings of its parameters' names, e.g. {string.Join(", ", parts)}.");
            }
        }

        if (names.All(n => IsFrozen(n, epoch: 1)))
            throw new ArgumentException($"{nameof(PerceiverTrainingOptions.FrozenParts)} names every part; there is nothing to train.");
    }

    /// <summary>The factor of the learning rate: the part with the longest name decides.</summary>
    internal double FactorOf(string name) =>
        _factors.Where(f => Matches(name, f.Key)).OrderByDescending(f => f.Key.Length).Select(f => (double?)f.Value).FirstOrDefault() ?? 1;

    internal bool IsFrozen(string name, int epoch)
    {
        bool hasEnded = epoch > _frozenEpochs;
        return !hasEnded && _frozen.Any(p => Matches(name, p));
    }

    // A part ends with a word of the name: "perceiver.encoder" is not the beginning of "perceiver.encoder2.weight".
    private static bool Matches(string name, string part)
    {
        bool begins = name.StartsWith(part, StringComparison.Ordinal);
        return begins && (name.Length == part.Length || name[part.Length] == '.' || part.EndsWith('.'));
    }
}
