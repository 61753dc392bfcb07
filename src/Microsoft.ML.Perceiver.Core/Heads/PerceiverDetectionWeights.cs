namespace Microsoft.ML.Perceiver;

/// <summary>
/// The weights of the set loss, which the matching uses too, with the defaults of the paper (Carion et al. 2020, section A.4).
/// </summary>
public sealed record PerceiverDetectionWeights
{
    /// <summary>The weight of the labels: cross-entropy in the loss, the probability of the right label in the matching.</summary>
    public double Label { get; init; } = 1;

    /// <summary>The weight of the absolute differences of the four numbers of two boxes, which are shares of the image.</summary>
    public double Box { get; init; } = 5;

    /// <summary>The weight of the generalised overlap of two boxes.</summary>
    public double Overlap { get; init; } = 2;

    /// <summary>The weight of a query without an object in the mean cross-entropy, where one with an object has 1.</summary>
    public double NoObject { get; init; } = 0.1;

    /// <summary>Checks the numbers.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        Require(Label, nameof(Label));
        Require(Box, nameof(Box));
        Require(Overlap, nameof(Overlap));
        Require(NoObject, nameof(NoObject));
        if (NoObject == 0)
            throw new ArgumentOutOfRangeException(nameof(NoObject), NoObject, "NoObject must be positive.");
    }

    private static void Require(double value, string name)
    {
        if (value is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least 0 and finite.");
    }
}
