namespace Microsoft.ML.Perceiver;

/// <summary>A metric of the validation rows.</summary>
/// <param name="Name">Its name, as progress, logs and <see cref="PerceiverTrainingOptions.MonitorMetric"/> have it.</param>
/// <param name="HigherIsBetter">Whether a larger value is a better one.</param>
public sealed record PerceiverMetric(string Name, bool HigherIsBetter);
