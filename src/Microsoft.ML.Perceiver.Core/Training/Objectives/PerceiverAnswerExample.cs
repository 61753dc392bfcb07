using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A question and a part of its context: <c>[CLS]</c>, the question, <c>[SEP]</c>, the part, <c>[SEP]</c>.</summary>
/// <param name="Ids">The token ids.</param>
/// <param name="PartStart">The first token of the part; it ends before the last token.</param>
/// <param name="Offset">The bytes of the context before the part.</param>
/// <param name="First">The answer's first token; 0, which is <c>[CLS]</c>, where the part does not have all of it.</param>
/// <param name="Last">The answer's last token; 0 likewise.</param>
public sealed record PerceiverAnswerExample(int[] Ids, int PartStart, int Offset, int First = 0, int Last = 0) : IPerceiverRow
{
    /// <summary>The fewest tokens that a question and a part of a context may have together.</summary>
    public const int LeastTokens = 16;

    private const int SpecialTokens = 3;

    int IPerceiverRow.Length => Ids.Length;

    /// <summary>The bytes of the part, UTF-8.</summary>
    internal byte[] Part => Array.ConvertAll(Ids[PartStart..^1], id => (byte)(id - PerceiverTokenizer.FirstByteId));

    /// <summary>Reads a question and its context in as many parts as it takes. Parts begin and end between two characters.</summary>
    /// <param name="question">The question; what is more than half of <paramref name="maxTokens"/> is cut off.</param>
    /// <param name="context">The context.</param>
    /// <param name="maxTokens">The most tokens of an example, <see cref="LeastTokens"/> at least.</param>
    /// <param name="overlap">Bytes that a part has of the one before it, at most half of a part.</param>
    /// <param name="answer">The answer's first character in the context, and its number of characters; null where it is not known.</param>
    /// <returns>One example for each part, one at least.</returns>
    /// <exception cref="ArgumentException">A text is no valid Unicode.</exception>
    public static IReadOnlyList<PerceiverAnswerExample> InParts(
        string question, string context, int maxTokens, int overlap, (int Start, int Length)? answer = null)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokens, LeastTokens);
        ArgumentOutOfRangeException.ThrowIfNegative(overlap);
        byte[] asked = Utf8Text.GetBytes(question), text = Utf8Text.GetBytes(context);
        asked = asked[..CharacterBefore(asked, Math.Min(asked.Length, QuestionLimit(maxTokens)))];
        int room = maxTokens - SpecialTokens - asked.Length;
        var (first, count) = answer is { } a ? BytesOf(context, a.Start, a.Length) : (0, 0);
        var parts = new List<PerceiverAnswerExample>();
        int start = 0, end;
        do
        {
            end = CharacterBefore(text, Math.Min(text.Length, start + room));
            parts.Add(Create(asked, text, start, end, first, count));
            int next = CharacterBefore(text, end - Math.Min(overlap, room / 2));
            start = next > start ? next : end;
        }
        while (end < text.Length);
        return parts;
    }

    /// <summary>The most bytes of a question that are read.</summary>
    /// <param name="maxTokens">The most tokens of an example.</param>
    internal static int QuestionLimit(int maxTokens) => (maxTokens - SpecialTokens) / 2;

    /// <summary>Examples as the model takes them.</summary>
    /// <returns>
    /// Ids, int64 [examples, longest]; their mask; and which tokens may be an answer's first or last one: those of the part, and
    /// <c>[CLS]</c> for none, bool of the same shape.
    /// </returns>
    internal static (Tensor Ids, Tensor? Mask, Tensor Candidates) ToTensors(IReadOnlyList<PerceiverAnswerExample> examples, Device device)
    {
        var (ids, mask) = TokenBatch.ToTensors([.. examples.Select(e => e.Ids)], device);
        var candidates = TokenBatch.Pad([.. examples.Select(e => e.Candidates())], 0, device);
        return (ids, mask, candidates.to(ScalarType.Bool));
    }

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add(First);
        fingerprint.Add(Last);
    }

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint) => fingerprint.Add<int>(Ids);

    private static PerceiverAnswerExample Create(byte[] question, byte[] text, int start, int end, int answer, int answerLength)
    {
        int[] ids =
        [
            PerceiverTokenizer.ClsTokenId, .. IdsOf(question), PerceiverTokenizer.SepTokenId, .. IdsOf(text[start..end]),
            PerceiverTokenizer.SepTokenId,
        ];
        int part = question.Length + 2;
        bool hasAnswer = answerLength > 0 && answer >= start && answer + answerLength <= end;
        return hasAnswer
            ? new PerceiverAnswerExample(ids, part, start, part + answer - start, part + answer - start + answerLength - 1)
            : new PerceiverAnswerExample(ids, part, start);
    }

    private static int[] IdsOf(byte[] bytes) => Array.ConvertAll(bytes, b => b + PerceiverTokenizer.FirstByteId);

    private static (int First, int Count) BytesOf(string text, int start, int length) =>
        (Utf8Text.GetBytes(text.AsSpan(0, start)).Length, Utf8Text.GetBytes(text.AsSpan(start, length)).Length);

    // The border between two characters at or before a byte.
    private static int CharacterBefore(byte[] bytes, int index)
    {
        while (index > 0 && index < bytes.Length && Utf8Text.IsContinuation(bytes[index]))
            index--;
        return index;
    }

    private int[] Candidates()
    {
        int[] candidates = new int[Ids.Length];
        candidates[0] = 1;
        Array.Fill(candidates, 1, PartStart, Ids.Length - 1 - PartStart);
        return candidates;
    }
}
