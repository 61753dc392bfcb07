using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Which parts of a model learn at which share of the learning rate, and which do not learn (yet).</summary>
internal sealed class ParameterGroups
{
    private readonly IReadOnlyDictionary<string, double> _factors;
    private readonly IReadOnlyList<string> _frozen;
    private readonly int? _frozenEpochs;

    /// <exception cref="ArgumentException">A part is none of the model's, or nothing is left to learn.</exception>
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
                string parts = string.Join(", ", names.Select(n => string.Join('.', n.Split('.').Take(2))).Distinct());
                throw new ArgumentException($"The model has no part '{part}'. Parts are the beginnings of its parameters' names, e.g. {parts}.");
            }
        }

        if (names.All(n => IsFrozen(n, epoch: 1)))
            throw new ArgumentException($"{nameof(PerceiverTrainingOptions.FrozenParts)} names every part; there is nothing to train.");
    }

    /// <summary>The share of the learning rate: the rule with the longest name decides.</summary>
    internal double FactorOf(string name) =>
        _factors.Where(f => Matches(name, f.Key)).OrderByDescending(f => f.Key.Length).Select(f => (double?)f.Value).FirstOrDefault() ?? 1;

    internal bool IsFrozen(string name, int epoch) => (_frozenEpochs is not { } epochs || epoch <= epochs) && _frozen.Any(p => Matches(name, p));

    // A part is whole words of a name: "perceiver.encoder" is not the beginning of "perceiver.encoder2.weight".
    private static bool Matches(string name, string part) =>
        name.StartsWith(part, StringComparison.Ordinal) && (name.Length == part.Length || name[part.Length] == '.' || part.EndsWith('.'));
}
