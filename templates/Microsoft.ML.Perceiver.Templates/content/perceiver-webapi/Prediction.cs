using Microsoft.ML.Data;

namespace PerceiverWebApi._1;

/// <summary>What the model says of a text.</summary>
public sealed class Prediction
{
    [ColumnName("PredictedText")]
    public string Label { get; set; } = "";

    /// <summary>The probability of each label.</summary>
    public float[] Score { get; set; } = [];
}
