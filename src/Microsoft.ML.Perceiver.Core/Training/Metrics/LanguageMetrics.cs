namespace Microsoft.ML.Perceiver;

/// <summary>How well masked tokens are told, over a data set.</summary>
internal sealed class LanguageMetrics
{
    internal const string LogLoss = "LogLoss";
    internal const string Perplexity = "Perplexity";
    internal const string MaskedAccuracy = "MaskedAccuracy";

    /// <summary>What <see cref="Result"/> gives.</summary>
    internal static IReadOnlyList<string> Names { get; } = [LogLoss, Perplexity, MaskedAccuracy];

    private long _tokens;
    private long _right;
    private double _loss;

    /// <summary>Adds masked tokens.</summary>
    /// <param name="tokens">How many.</param>
    /// <param name="right">How many of them the model would fill with the right byte.</param>
    /// <param name="loss">The sum of their cross-entropies, in nats.</param>
    internal void Add(long tokens, long right, double loss)
    {
        _tokens += tokens;
        _right += right;
        _loss += loss;
    }

    internal IReadOnlyDictionary<string, double> Result() => new Dictionary<string, double>
    {
        [LogLoss] = _loss / _tokens,
        [Perplexity] = Math.Exp(_loss / _tokens),
        [MaskedAccuracy] = _right / (double)_tokens,
    };
}
