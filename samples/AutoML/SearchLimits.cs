namespace AutoML;

/// <summary>How far a search goes.</summary>
/// <param name="Trials">The most trials.</param>
/// <param name="Duration">The time for all of them; the one that trains when it is up ends with its best weights.</param>
internal sealed record SearchLimits(int Trials, TimeSpan Duration);
