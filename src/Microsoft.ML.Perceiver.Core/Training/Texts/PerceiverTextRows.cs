namespace Microsoft.ML.Perceiver;

/// <summary>Texts to train on, as token ids with <c>[CLS]</c> and <c>[SEP]</c>.</summary>
public static class PerceiverTextRows
{
    /// <summary>Texts that lie in memory.</summary>
    /// <param name="ids">The token ids of each text, with <c>[CLS]</c> and <c>[SEP]</c>.</param>
    /// <returns>The rows.</returns>
    public static PerceiverRows<int[]> FromTokens(IReadOnlyList<int[]> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return new TokenTextRows(ids);
    }

    /// <summary>
    /// The bytes of text files in windows of one length, read from the disk one by one, so that files may be of any size. In training a
    /// window is shifted at random each time, by up to half its length.
    /// </summary>
    /// <param name="files">The files, in UTF-8. They must not change while they are used.</param>
    /// <param name="length">Tokens of a window, of which two are <c>[CLS]</c> and <c>[SEP]</c>.</param>
    /// <returns>The rows; a window is read when it is needed.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="ArgumentException">The files are all empty, or there are too many windows.</exception>
    public static PerceiverRows<int[]> FromFiles(IReadOnlyList<string> files, int length)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 3);
        return new FileTextRows(files, length);
    }
}

/// <summary>Texts in memory.</summary>
internal sealed class TokenTextRows(IReadOnlyList<int[]> ids) : PerceiverRows<int[]>
{
    public override int Count => ids.Count;

    public override int LengthOf(int row) => ids[row].Length;

    public override int[] Read(int row, PerceiverRandom? random = null) => ids[row];

    public override void AddTo(PerceiverFingerprint fingerprint) => AddTo(fingerprint, this);

    /// <summary>Adds the number of texts, and the token ids of some.</summary>
    internal static void AddTo(PerceiverFingerprint fingerprint, PerceiverRows<int[]> texts)
    {
        fingerprint.Add(texts.Count);
        foreach (int row in PerceiverFingerprint.Sample(texts.Count))
            fingerprint.Add<int>(texts.Read(row));
    }
}
