using static Microsoft.ML.Perceiver.OptionRange;

namespace Microsoft.ML.Perceiver;

/// <summary>How a sentence encoder learns from teachers' vectors.</summary>
public sealed record PerceiverDistillationOptions
{
    /// <summary>The weight of 1 - cosine between a text's vector and the teacher's. The default is 1.</summary>
    public double CosineWeight { get; init; } = 1;

    /// <summary>
    /// The weight of the squared distance between what the projection gives, before it is scaled to length one, and the teacher's vector of
    /// length one. It makes the unscaled vectors nearly of length one too. The default is 0.
    /// </summary>
    public double SquaredErrorWeight { get; init; }

    /// <summary>The weight of each teacher's losses; null, the default, weighs all by 1.</summary>
    public IReadOnlyList<double>? TeacherWeights { get; init; }

    /// <summary>How training texts are varied, while their vectors stay those of the clean texts; null, the default, not at all.</summary>
    public PerceiverTextAugmentation? Augmentation { get; init; }

    /// <exception cref="ArgumentOutOfRangeException">A weight is negative, or both losses have none.</exception>
    internal void Validate()
    {
        Require(IsWeight(CosineWeight), CosineWeight, "at least 0");
        Require(IsWeight(SquaredErrorWeight), SquaredErrorWeight, "at least 0");
        Require(CosineWeight + SquaredErrorWeight > 0, CosineWeight, $"above 0 where {nameof(SquaredErrorWeight)} is 0");
        bool areWeights = TeacherWeights is null || (TeacherWeights.Count > 0 && TeacherWeights.All(IsWeight) && TeacherWeights.Sum() > 0);
        Require(areWeights, TeacherWeights, "numbers of at least 0, one of them above");
        Augmentation?.Validate();
    }

    private static bool IsWeight(double value) => value is >= 0 and < double.PositiveInfinity;
}
