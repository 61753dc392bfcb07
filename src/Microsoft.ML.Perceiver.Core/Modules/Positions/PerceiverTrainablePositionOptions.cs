namespace Microsoft.ML.Perceiver;

/// <summary>Settings of trainable positions (the reference's <c>trainable_position_encoding_kwargs</c>).</summary>
/// <param name="NumChannels">Width of a position's vector.</param>
/// <param name="IndexDims">The extent of each axis; their product is the number of positions.</param>
public sealed record PerceiverTrainablePositionOptions(int NumChannels, params IReadOnlyList<int> IndexDims);
