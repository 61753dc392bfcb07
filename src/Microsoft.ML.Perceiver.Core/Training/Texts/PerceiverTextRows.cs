namespace Microsoft.ML.Perceiver;

/// <summary>Texts to train on, as token ids with <c>[CLS]</c> and <c>[SEP]</c>; they are read when they are needed.</summary>
public abstract class PerceiverTextRows
{
    private protected PerceiverTextRows()
    {
    }

    /// <summary>How many texts there are.</summary>
    public abstract int Count { get; }

    /// <summary>No texts.</summary>
    public static PerceiverTextRows None { get; } = new TokenTextRows([]);

    /// <summary>Texts that lie in memory.</summary>
    /// <param name="ids">The token ids of each text, with <c>[CLS]</c> and <c>[SEP]</c>.</param>
    public static PerceiverTextRows FromTokens(IReadOnlyList<int[]> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new TokenTextRows(ids);
    }

    /// <summary>
    /// The bytes of text files in windows of one length, read from the disk one by one, so that files of any size may be trained on. Each
    /// time a window is trained on it starts elsewhere, by up to its length.
    /// </summary>
    /// <param name="files">The files, in UTF-8. They must not change while they are used.</param>
    /// <param name="length">Tokens of a window, of which two are <c>[CLS]</c> and <c>[SEP]</c>.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ArgumentException">The files are all empty, or there are too many windows.</exception>
    public static PerceiverTextRows FromFiles(IReadOnlyList<string> files, int length)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        return new FileTextRows(files, length);
    }

    /// <summary>The texts of several sources, one source after the other.</summary>
    /// <param name="sources">The sources.</param>
    public static PerceiverTextRows Join(params IReadOnlyList<PerceiverTextRows> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        return new JoinedTextRows(sources);
    }

    /// <summary>How long a text is, in tokens.</summary>
    /// <param name="row">The text.</param>
    public abstract int LengthOf(int row);

    /// <summary>A text's token ids.</summary>
    /// <param name="row">The text.</param>
    /// <param name="random">Where the chance of training comes from; null for the text as it is.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public abstract int[] Read(int row, PerceiverRandom? random = null);

    /// <summary>Adds what tells these texts from others.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    internal virtual void AddTo(DataFingerprint fingerprint)
    {
        fingerprint.Add(Count);
        foreach (int row in DataFingerprint.Sample(Count))
            fingerprint.Add<int>(Read(row));
    }
}
