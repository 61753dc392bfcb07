using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Perceiver;

namespace AutoML;

/// <summary>A training of a search.</summary>
/// <param name="number">Its number, from 1.</param>
/// <param name="options">Its settings.</param>
internal sealed class Trial(int number, PerceiverTextSearchOptions options)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Its number, from 1.</summary>
    public int Number => number;

    /// <summary>Its settings.</summary>
    public PerceiverTextSearchOptions Options => options;

    /// <summary>Its settings as JSON.</summary>
    public string Settings => JsonSerializer.Serialize(options, Json);

    /// <summary>What became of it.</summary>
    public TrialState State { get; set; }

    /// <summary>Epochs that ended.</summary>
    public int Epochs { get; private set; }

    /// <summary>Validation accuracy of the best weights.</summary>
    public double Accuracy { get; private set; } = double.NaN;

    /// <summary>
    /// Validation log-loss of the best weights, which they are chosen by: some hundred rows tell epochs better apart by their probabilities
    /// than by counts.
    /// </summary>
    public double LogLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>How long it has trained, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>What went wrong; null for nothing.</summary>
    public string? Error { get; set; }

    /// <summary>
    /// Whether its model is better than another trial's. Accuracy decides, as smoothed labels and balanced classes make probabilities of
    /// another kind; the log-loss does where as many rows are right.
    /// </summary>
    /// <param name="other">The other trial; null for none.</param>
    public bool IsBetterThan(Trial? other)
    {
        if (double.IsNaN(Accuracy))
            return false;
        if (other is null || double.IsNaN(other.Accuracy))
            return true;
        return (Accuracy, -LogLoss).CompareTo((other.Accuracy, -other.LogLoss)) > 0;
    }

    /// <summary>Takes down where the training stands.</summary>
    /// <param name="now">Where it stands.</param>
    public void Record(PerceiverTrainingProgress now)
    {
        Seconds = now.Elapsed.TotalSeconds;
        if (now.IsEpochEnd)
            Epochs = now.Epoch;
        if (now.IsBest)
            (Accuracy, LogLoss) = (now.ValidationMetrics!["Accuracy"], now.ValidationMetrics["LogLoss"]);
    }
}
