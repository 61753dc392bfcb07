namespace Microsoft.ML.Perceiver;

/// <summary>Metrics of predictions of masked tokens over a data set.</summary>
internal sealed class LanguageMetrics
{
    private static readonly PerceiverMetric LogLoss = TargetMetrics.LogLoss;
    private static readonly PerceiverMetric Perplexity = new("Perplexity", HigherIsBetter: false);
    private static readonly PerceiverMetric MaskedAccuracy = new("MaskedAccuracy", HigherIsBetter: true);

    /// <summary>The metrics, the one that decides first.</summary>
    internal static IReadOnlyList<PerceiverMetric> Metrics { get; } = [LogLoss, Perplexity, MaskedAccuracy];

    private long _tokens;
    private long _right;
    private double _loss;

    /// <summary>Adds masked tokens.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="right">How many of them the model predicts right.</param>
    /// <param name="loss">The sum of their cross-entropies, in nats.</param>
    internal void Add(long tokens, long right, double loss)
    {
        _tokens += tokens;
        _right += right;
        _loss += loss;
    }

    internal IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [LogLoss.Name] = _loss / _tokens,
        [Perplexity.Name] = Math.Exp(_loss / _tokens),
        [MaskedAccuracy.Name] = _right / (double)_tokens,
    };
}
