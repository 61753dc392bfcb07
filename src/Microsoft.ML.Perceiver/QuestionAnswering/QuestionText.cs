using System.Text;

namespace Microsoft.ML.Perceiver;

/// <summary>A question and its context as a row has them.</summary>
/// <param name="Texts">The question and the context.</param>
/// <param name="Parts">The question with each part of the context.</param>
/// <param name="Context">The context, UTF-8.</param>
/// <param name="IsQuestionCut">Whether the question's end was cut off.</param>
internal sealed record QuestionText(
    (string Question, string Context) Texts, IReadOnlyList<PerceiverAnswerExample> Parts, byte[] Context, bool IsQuestionCut)
{
    /// <summary>A function that reads the row a cursor stands on.</summary>
    /// <param name="row">The row, or cursor.</param>
    /// <param name="columns">The columns of context and question.</param>
    /// <param name="maxLength">The most tokens of a question with a part of its context.</param>
    /// <param name="options">What happens to empty texts and long questions, and how much of a part the next one has.</param>
    internal static Func<QuestionText> CreateReader(
        DataViewRow row, DataViewSchema.Column[] columns, int maxLength, PerceiverQuestionAnsweringOptions options)
    {
        var read = CreateTextReader(row, columns, maxLength, options);
        return () =>
        {
            var (context, question) = read();
            var parts = Parse(() => PerceiverAnswerExample.InParts(question, context, maxLength, options.ContextOverlap), options);
            return new QuestionText((question, context), parts, Encoding.UTF8.GetBytes(context), IsTooLong(question, maxLength));
        };
    }

    /// <summary>Weights of a part's tokens as those of the question's and the context's characters.</summary>
    /// <param name="weights">A weight for each token, and for padding behind them.</param>
    /// <param name="part">The part.</param>
    internal float[] ByCharacter(ReadOnlySpan<float> weights, int part)
    {
        var (ids, start, offset, _, _) = Parts[part];
        var (question, context) = Texts;
        float[] result = new float[question.Length + context.Length + 3];
        result[0] = weights[0];
        PerceiverTextAttention.Add(weights[1..(start - 1)], ids.AsSpan(1, start - 2), question, result.AsSpan(1));
        result[question.Length + 1] = weights[start - 1];
        int before = Encoding.UTF8.GetCharCount(Context, 0, offset);
        PerceiverTextAttention.Add(
            weights[start..(ids.Length - 1)],
            ids.AsSpan(start, ids.Length - 1 - start),
            context.AsSpan(before),
            result.AsSpan(question.Length + 2 + before));
        result[^1] = weights[ids.Length - 1];
        return result;
    }

    /// <summary>As <see cref="CreateReader"/>, with the answer and its place from two more columns.</summary>
    internal static Func<IReadOnlyList<PerceiverAnswerExample>> CreateExampleReader(
        DataViewRow row, DataViewSchema.Column[] columns, int maxLength, PerceiverQuestionAnsweringOptions options)
    {
        var read = CreateTextReader(row, columns, maxLength, options);
        var readAnswer = Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[2]);
        var readIndex = Getters.ScalarReader<int>(row, columns[3]);
        return () =>
        {
            var (context, question) = read();
            var place = PlaceOf(readAnswer().ToString(), readIndex(), context, options);
            return Parse(() => PerceiverAnswerExample.InParts(question, context, maxLength, options.ContextOverlap, place), options);
        };
    }

    private static Func<(string Context, string Question)> CreateTextReader(
        DataViewRow row, DataViewSchema.Column[] columns, int maxLength, PerceiverQuestionAnsweringOptions options)
    {
        var readContext = Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[0]);
        var readQuestion = Getters.ScalarReader<ReadOnlyMemory<char>>(row, columns[1]);
        return () =>
        {
            string context = readContext().ToString(), question = readQuestion().ToString();
            bool isRefused = options.EmptyText == PerceiverEmptyTextHandling.Refuse;
            if (isRefused && (context.Length == 0 || question.Length == 0))
                throw TextReader.Empty(context.Length == 0 ? options.TextColumnName : options.QuestionColumnName, "is empty or null");
            if (options.LongText == PerceiverLongTextHandling.Refuse && IsTooLong(question, maxLength))
            {
                int limit = PerceiverAnswerExample.QuestionLimit(maxLength);
                throw new RowException(
                    0, $"the column '{options.QuestionColumnName}' has more than {limit} bytes; shorten it, or set LongText to Truncate.");
            }

            return (context, question);
        };
    }

    private static bool IsTooLong(string question, int maxLength) =>
        Encoding.UTF8.GetByteCount(question) > PerceiverAnswerExample.QuestionLimit(maxLength);

    private static (int Start, int Length) PlaceOf(
        string answer, int index, string context, PerceiverQuestionAnsweringOptions options)
    {
        if (answer.Length == 0)
            throw new RowException(0, $"the answer in the column '{options.LabelColumnName}' is empty or null.");
        bool fits = index >= 0 && index <= context.Length - answer.Length;
        if (!fits || string.CompareOrdinal(context, index, answer, 0, answer.Length) != 0)
        {
            throw new RowException(
                0,
                $"the answer '{answer}' is not at character {index} of the column '{options.TextColumnName}' "
                + $"(columns '{options.LabelColumnName}' and '{options.AnswerIndexColumnName}').");
        }

        if (Encoding.UTF8.GetByteCount(answer) > options.MaxAnswerLength)
        {
            throw new RowException(
                0,
                $"the answer in the column '{options.LabelColumnName}' has more than {options.MaxAnswerLength} bytes (MaxAnswerLength).");
        }

        return (index, answer.Length);
    }

    private static T Parse<T>(Func<T> read, PerceiverQuestionAnsweringOptions options)
    {
        try
        {
            return read();
        }
        catch (ArgumentException e)
        {
            string columns = $"'{options.TextColumnName}' or '{options.QuestionColumnName}'";
            throw new RowException(0, $"the text in the column {columns} cannot be read: {e.Message}", e);
        }
    }
}
