using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Perceiver;

namespace AutoML;

/// <summary>A training of a search.</summary>
/// <param name="number">Its number, from 1.</param>
/// <param name="options">Its settings.</param>
internal sealed class Trial(int number, PerceiverTextSearchOptions options)
{
    private static readonly JsonSerializerOptions Json = new() { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

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

    /// <summary>Validation accuracy of the weights with the smallest <see cref="LogLoss"/>.</summary>
    public double Accuracy { get; private set; } = double.NaN;

    /// <summary>The smallest validation log-loss, which the best trial is chosen by: some hundred rows tell models better apart by their probabilities than by counts.</summary>
    public double LogLoss { get; private set; } = double.PositiveInfinity;

    /// <summary>How long it has trained, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>What went wrong; null for nothing.</summary>
    public string? Error { get; set; }

    /// <summary>Takes down where the training stands.</summary>
    /// <param name="now">Where it stands.</param>
    public void Record(TrainingProgress now)
    {
        Seconds = now.Elapsed.TotalSeconds;
        if (now.IsEpochEnd)
            Epochs = now.Epoch;
        if (now.IsBest)
            (Accuracy, LogLoss) = (now.ValidationMetrics!["Accuracy"], now.ValidationMetrics["LogLoss"]);
    }
}
