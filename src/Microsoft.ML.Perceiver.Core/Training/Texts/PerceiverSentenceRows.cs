namespace Microsoft.ML.Perceiver;

/// <summary>Texts in a file, with the vectors of their teachers in others.</summary>
public static class PerceiverSentenceRows
{
    /// <summary>
    /// A text a line with the vectors that teachers gave for it. Texts and vectors are read from the disk one by one, so that there may be
    /// millions; in memory is where each line begins, eight bytes a text.
    /// </summary>
    /// <param name="textFile">The texts in UTF-8, in lines that end with LF or CR LF. The file must not change while it is used.</param>
    /// <param name="maxLength">Tokens of the longest text, two of them special; what is longer is cut at its end.</param>
    /// <param name="teachers">
    /// The vectors of each teacher, vector i that of line i. They must stay open while the rows are used, and are not disposed with them.
    /// </param>
    /// <returns>The rows.</returns>
    /// <exception cref="FileNotFoundException">There is no such file of texts.</exception>
    /// <exception cref="ArgumentException">There are no teachers.</exception>
    /// <exception cref="FormatException">A teacher has not as many vectors as there are lines; or the file is a pipe.</exception>
    public static PerceiverRows<PerceiverSentenceExample> FromFiles(
        string textFile, int maxLength, params IReadOnlyList<PerceiverTeacherVectors> teachers)
    {
        ArgumentException.ThrowIfNullOrEmpty(textFile);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLength, 3);
        ArgumentNullException.ThrowIfNull(teachers);
        if (teachers.Count == 0)
            throw new ArgumentException("There must be the vectors of one teacher at least.", nameof(teachers));
        var lines = new LineFile(textFile);
        if (teachers.FirstOrDefault(t => t.Count != lines.Count) is { } other)
        {
            lines.Dispose();
            throw new FormatException($"'{textFile}' has {lines.Count} lines, and a teacher has {other.Count} vectors.");
        }

        return new SentenceFileRows(lines, maxLength, [.. teachers]);
    }
}

/// <summary>Texts and vectors in files.</summary>
internal sealed class SentenceFileRows(LineFile lines, int maxLength, PerceiverTeacherVectors[] teachers)
    : PerceiverRows<PerceiverSentenceExample>
{
    public override int Count => lines.Count;

    public override int LengthOf(int row) => Math.Min(lines.LengthOf(row) + 2, maxLength);

    public override PerceiverSentenceExample Read(int row, PerceiverRandom? random = null) => new(
        PerceiverTokenizer.Default.EncodeForModel(lines.Read(row), null, maxLength, out _),
        Array.ConvertAll(teachers, teacher => teacher.Read(row)));

    public override void AddTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add(Count);
        foreach (int row in PerceiverFingerprint.Sample(Count))
        {
            var example = Read(row);
            fingerprint.Add<int>(example.Ids);
            foreach (float[] vector in example.Vectors)
                fingerprint.Add<float>(vector);
        }
    }
}
