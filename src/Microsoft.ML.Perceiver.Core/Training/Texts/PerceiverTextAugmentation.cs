using static Microsoft.ML.Perceiver.OptionRange;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// How a text is varied each time it is trained on, so that a model learns what does not change its meaning: typing errors, a missing
/// beginning or end, other case. Characters beyond ASCII stay whole.
/// </summary>
public sealed record PerceiverTextAugmentation
{
    /// <summary>The share of texts that get typing errors. The default is 0.3.</summary>
    public double TypoProbability { get; init; } = 0.3;

    /// <summary>
    /// The share of letters with an error in such a text at most; each text draws its own share below it. An error leaves a letter out,
    /// doubles it, swaps it with the next one, or puts a random letter in its place or before it. The default is 0.1.
    /// </summary>
    public double TypoRate { get; init; } = 0.1;

    /// <summary>The share of texts that lose words at the beginning or at the end. The default is 0.1.</summary>
    public double CutProbability { get; init; } = 0.1;

    /// <summary>The share of a text's bytes that a cut leaves at least, above 0. The default is 0.7.</summary>
    public double KeptShare { get; init; } = 0.7;

    /// <summary>The share of texts whose letters become all lower case, or, one time in four, all upper case. The default is 0.2.</summary>
    public double CaseProbability { get; init; } = 0.2;

    /// <exception cref="ArgumentOutOfRangeException">A share is not from 0 to 1.</exception>
    internal void Validate()
    {
        Require(TypoProbability is >= 0 and <= 1, TypoProbability, "from 0 to 1");
        Require(TypoRate is >= 0 and <= 1, TypoRate, "from 0 to 1");
        Require(CutProbability is >= 0 and <= 1, CutProbability, "from 0 to 1");
        Require(KeptShare is > 0 and <= 1, KeptShare, "above 0 and at most 1");
        Require(CaseProbability is >= 0 and <= 1, CaseProbability, "from 0 to 1");
    }
}
