using Cluster.Grains;

namespace Cluster.Gateway;

/// <summary>The response to one text or image: that of samples/WebApi, with who gave it.</summary>
/// <param name="PredictedLabel">The most probable label.</param>
/// <param name="Score">The probability of each label.</param>
/// <param name="Version">The version of the model.</param>
/// <param name="Silo">The silo.</param>
internal sealed record SingleAnswer(string PredictedLabel, Dictionary<string, float> Score, string Version, string Silo);

/// <summary>The response to a list of texts.</summary>
/// <param name="Answers">Their labels, in the order of the texts.</param>
/// <param name="Version">The version of the model that made all of them.</param>
/// <param name="Silo">The silo.</param>
internal sealed record ListAnswer(Labels[] Answers, string Version, string Silo);
