namespace Microsoft.ML.Perceiver;

/// <summary>What a classification head is trained for; it decides the loss.</summary>
public enum PerceiverProblemType
{
    /// <summary>One number or several; mean squared error.</summary>
    Regression,

    /// <summary>Exactly one of the labels; cross-entropy.</summary>
    SingleLabel,

    /// <summary>Any number of the labels; binary cross-entropy of each.</summary>
    MultiLabel,
}
