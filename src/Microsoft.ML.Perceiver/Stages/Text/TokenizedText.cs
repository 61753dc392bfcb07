namespace Microsoft.ML.Perceiver;

/// <summary>A text as the model reads it.</summary>
/// <param name="Ids">Its token ids, with the special tokens.</param>
/// <param name="IsTruncated">Whether its end was cut off.</param>
internal readonly record struct TokenizedText(int[] Ids, bool IsTruncated);
