using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// How well the likeliest answers agree with the right ones, without case, punctuation, English articles and further white space
/// (Rajpurkar et al. 2016, section 6.1).
/// </summary>
/// <param name="ExactMatch">The share of answers that are the same, from 0 to 1.</param>
/// <param name="F1">The mean over rows of the harmonic mean of the shares of words that both have, from 0 to 1.</param>
/// <param name="Rows">How many rows there were.</param>
public sealed record PerceiverQuestionAnsweringMetrics(double ExactMatch, double F1, long Rows)
{
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    internal static PerceiverQuestionAnsweringMetrics Of(IDataView data, string labelColumnName, string predictedColumnName)
    {
        var text = new InputType(TextDataViewType.Instance);
        var label = new InputColumn(labelColumnName, text).In(data.Schema);
        var predicted = new InputColumn(predictedColumnName, text, text with { IsVector = true }).In(data.Schema);
        using var cursor = data.GetRowCursor([label, predicted]);
        var readLabel = Getters.ScalarReader<ReadOnlyMemory<char>>(cursor, label);
        var readPredicted = Getters.VectorReader<ReadOnlyMemory<char>>(cursor, predicted);
        double exact = 0, f1 = 0;
        long rows = 0;
        while (cursor.MoveNext())
        {
            string right = readLabel().ToString();
            string best = readPredicted() is [var first, ..] ? first.ToString() : "";
            exact += AnswerAgreement.IsExact(best, right) ? 1 : 0;
            f1 += AnswerAgreement.F1(best, right);
            rows++;
        }

        return rows > 0
            ? new PerceiverQuestionAnsweringMetrics(exact / rows, f1 / rows, rows)
            : throw new InvalidOperationException("The data has no rows.");
    }
}
