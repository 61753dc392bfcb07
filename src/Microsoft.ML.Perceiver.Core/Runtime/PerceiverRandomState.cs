namespace Microsoft.ML.Perceiver;

/// <summary>Where a <see cref="PerceiverRandom"/> stands.</summary>
/// <param name="Numbers">The state of its managed numbers.</param>
/// <param name="Generators">The state of torch's generators by device.</param>
internal sealed record PerceiverRandomState(ulong[] Numbers, Dictionary<string, byte[]> Generators);
