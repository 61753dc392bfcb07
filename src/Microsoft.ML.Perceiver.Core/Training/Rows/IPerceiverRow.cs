namespace Microsoft.ML.Perceiver;

/// <summary>A row in memory, with its length and what identifies it.</summary>
public interface IPerceiverRow
{
    /// <summary>How long it is; rows of like length share a batch. 1 where all rows are of one size.</summary>
    int Length => 1;

    /// <summary>Adds the label; called for every row.</summary>
    /// <param name="fingerprint">What it is added to.</param>
    void AddLabelTo(PerceiverFingerprint fingerprint)
    {
    }

    /// <summary>Adds what the model reads; called for a sample of the rows.</summary>
    /// <param name="fingerprint">What it is added to.</param>
    void AddContentTo(PerceiverFingerprint fingerprint);
}
