namespace Playground;

/// <summary>When a result of a head is called unsure.</summary>
/// <param name="Threshold">A probability below which it is; for flow, a length in pixels above which it is.</param>
/// <param name="Rule">The threshold in words, and how often the model is right on either side of it.</param>
internal sealed record Doubt(double Threshold, string Rule);
