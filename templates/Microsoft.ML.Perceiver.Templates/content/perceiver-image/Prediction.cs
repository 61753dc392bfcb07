using Microsoft.ML.Data;

namespace PerceiverImage._1;

/// <summary>What the model says of an image.</summary>
public sealed class Prediction
{
    [ColumnName("PredictedText")]
    public string Label { get; set; } = "";

    /// <summary>The probability of each label.</summary>
    public float[] Score { get; set; } = [];
}
