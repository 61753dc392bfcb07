namespace Microsoft.ML.Perceiver;

/// <summary>To which length short texts are padded.</summary>
public enum PerceiverTokenizerPadding
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>To the longest text of the batch.</summary>
    Longest,

    /// <summary>To the largest length.</summary>
    MaxLength,
}
