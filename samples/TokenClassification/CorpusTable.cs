using System.Text;
using Spectre.Console;

namespace TokenClassification;

/// <summary>The size of a data set as a table.</summary>
internal static class CorpusTable
{
    /// <summary>Shows the numbers of sentences, words and tags, and how long sentences are.</summary>
    /// <param name="data">The data set.</param>
    public static void Show(DataSet data)
    {
        var table = new Table().Title("Sentences").AddColumns("", "training", "test");
        foreach (int column in (int[])[1, 2])
            table.Columns[column].RightAligned();
        void Row(string name, Func<IReadOnlyList<TaggedSentence>, long> value) =>
            table.AddRow(name, $"{value(data.Train):n0}", $"{value(data.Test):n0}");
        Row("sentences", s => s.Count);
        Row("words", s => s.Sum(t => (long)t.Words.Length));
        Row("different tags", s => s.SelectMany(t => t.Tags).Distinct().Count());
        Row("bytes", s => s.Sum(t => (long)Bytes(t)));
        Row("bytes of a sentence, median", s => Quantile(s.Select(Bytes), 0.5));
        Row("bytes of a sentence, 99 %", s => Quantile(s.Select(Bytes), 0.99));
        Row("bytes of the longest sentence", s => s.Max(Bytes));
        AnsiConsole.Write(table);
    }

    private static int Bytes(TaggedSentence sentence) => Encoding.UTF8.GetByteCount(sentence.Text);

    private static int Quantile(IEnumerable<int> values, double share)
    {
        int[] sorted = values.Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }
}
