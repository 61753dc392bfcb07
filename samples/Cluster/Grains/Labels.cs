namespace Cluster.Grains;

/// <summary>The labels of one input.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Score">The probability of each label.</param>
[GenerateSerializer, Immutable, Alias("perceiver.labels")]
internal sealed record Labels(string PredictedLabel, Dictionary<string, float> Score);
