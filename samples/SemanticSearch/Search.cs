using System.Diagnostics;
using Samples;
using Spectre.Console;

namespace SemanticSearch;

/// <summary>Answers queries with the nearest texts, beside what TF-IDF finds.</summary>
/// <param name="texts">The texts.</param>
/// <param name="vectors">Their vectors.</param>
/// <param name="count">How many texts a query gets.</param>
internal sealed class Search(string[] texts, float[][] vectors, int count)
{
    private const int LongestShown = 70;
    private readonly TfIdf _tfIdf = new(texts);

    /// <summary>Writes what is found of a query.</summary>
    public void Answer(string query)
    {
        var found = Find(query);
        var terms = _tfIdf.Nearest(query, count);
        var table = new Table().Title(Markup.Escape(query)).AddColumns("Perceiver", "cosine", "TF-IDF", "cosine");
        for (int i = 0; i < Math.Max(found.Count, terms.Count); i++)
            table.AddRow([.. Cells(found, i), .. Cells(terms, i)]);
        AnsiConsole.Write(table);
    }

    /// <summary>The median time of a query, from its text to the nearest texts, in milliseconds.</summary>
    /// <param name="queries">Some queries.</param>
    public double TimeOf(IReadOnlyList<string> queries)
    {
        const int Runs = 30;
        double[] times = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            var watch = Stopwatch.StartNew();
            Find(queries[run % queries.Count]);
            times[run] = watch.Elapsed.TotalMilliseconds;
        }

        return times.Order().ElementAt(Runs / 2);
    }

    private IReadOnlyList<(int Row, double Cosine)> Find(string query)
    {
        var output = MyModel.Predict(new MyModel.ModelInput { Text = query });
        return Cosines.Nearest(vectors, output.Embedding, count);
    }

    private string[] Cells(IReadOnlyList<(int Row, double Cosine)> found, int place)
    {
        if (place >= found.Count)
            return ["", ""];
        string text = texts[found[place].Row];
        string shown = text.Length > LongestShown ? text[..LongestShown] + "..." : text;
        return [Markup.Escape(shown), $"{found[place].Cosine:f3}"];
    }
}
