using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Pretrain.Teacher;
using Samples;
using Spectre.Console;

namespace Pretrain.Distill;

/// <summary>Judges a sentence encoder by texts that it has not read.</summary>
internal static class DistillJudge
{
    private const int Pairs = 2000;
    private const int TimedTexts = 400;

    /// <summary>Judges a model beside its teacher and TF-IDF.</summary>
    /// <param name="checkpoint">The model.</param>
    /// <param name="precision">What it computes in.</param>
    /// <param name="rows">At most so many texts of each set, for a quick look; null for all.</param>
    /// <param name="summary">The file for the figures; null for none.</param>
    /// <exception cref="ArgumentException">Its vectors have another size than the teacher's.</exception>
    public static void Run(PerceiverCheckpoint checkpoint, PerceiverPrecision precision, int? rows, string? summary)
    {
        var ml = new MLContext(seed: 1);
        using var teacher = new MiniLm(Environment.ProcessorCount);
        using var encoder = ml.Transforms.PerceiverSentenceEmbedding(checkpoint, precision: precision)
            .Fit(ml.Data.LoadFromEnumerable(Array.Empty<Row>()));
        if (encoder.EmbeddingSize != MiniLm.EmbeddingSize)
        {
            throw new ArgumentException(
                $"The model gives vectors of {encoder.EmbeddingSize} numbers, its teacher of {MiniLm.EmbeddingSize}.");
        }

        float[][] Encode(IEnumerable<string> texts) => [.. encoder
            .Transform(ml.Data.LoadFromEnumerable(texts.Select(t => new Row { Text = t }))).GetColumn<float[]>("Embedding")];

        var (cosine, spearman) = Agreement(Encode, teacher, rows);
        var (train, test) = (Corpus.Clinc150("train"), Corpus.Clinc150("test"));
        (train, test) = (Sample(train, rows), Sample(test, rows));
        string[] trainTexts = [.. train.Select(r => r.Text)], testTexts = [.. test.Select(r => r.Text)];
        double Share(int[] nearest) => nearest.Select((n, i) => train[n].Intent == test[i].Intent ? 1.0 : 0).Average();
        double intent = Share(Similarity.Nearest(Encode(trainTexts), Encode(testTexts)));
        double intentTeacher = Share(Similarity.Nearest(teacher.Encode(trainTexts), teacher.Encode(testTexts)));
        var tfIdf = new TfIdf(trainTexts);
        // A query that has no term of any row gets the first one, as any would do.
        int RowOf(string query) => tfIdf.Nearest(query, count: 1) is [var best] ? best.Row : 0;
        double intentTfIdf = Share([.. testTexts.AsParallel().AsOrdered().Select(RowOf)]);

        string[] timed = Sample(testTexts, TimedTexts);
        using var engine = ml.Model.CreatePredictionEngine<Row, Result>(encoder, new PredictionEngineOptions { OwnsTransformer = false });
        double[] speeds = Speed.Of(
            timed.Length,
            () => Array.ForEach(timed, t => engine.Predict(new Row { Text = t })),
            () => Array.ForEach(timed, t => teacher.Encode([t])),
            () => Encode(timed),
            () => teacher.Encode(timed));
        var (single, teacherSingle, batched, teacherBatched) = (speeds[0], speeds[1], speeds[2], speeds[3]);

        var table = new Table().AddColumns("on texts not read", $"Perceiver, {precision}", "all-MiniLM-L6-v2", "TF-IDF");
        table.AddRow("mean cosine to the teacher", $"{cosine:f3}", "", "");
        table.AddRow("Spearman of the cosines of pairs", $"{spearman:f3}", "", "");
        table.AddRow("the nearest training query has the intent", $"{intent:P1}", $"{intentTeacher:P1}", $"{intentTfIdf:P1}");
        table.AddRow("texts a second, one by one", $"{single:n0}", $"{teacherSingle:n0}", "");
        table.AddRow("texts a second, batched", $"{batched:n0}", $"{teacherBatched:n0}", "");
        AnsiConsole.Write(table);
        Figures.Write(
            summary,
            ("teacher_cosine", cosine, "mean cosine"),
            ("teacher_spearman", spearman, "correlation"),
            ("nearest_intent", intent, "fraction"),
            ("nearest_intent_tfidf", intentTfIdf, "fraction"),
            ("nearest_intent_teacher", intentTeacher, "fraction"),
            ("texts_per_second", single, "texts/s"),
            ("teacher_texts_per_second", teacherSingle, "texts/s"),
            ("texts_per_second_batched", batched, "texts/s"),
            ("teacher_texts_per_second_batched", teacherBatched, "texts/s"));
    }

    // The mean cosine of the two's vectors of the same texts, and how alike the two order pairs of texts.
    private static (double Cosine, double Spearman) Agreement(
        Func<IEnumerable<string>, float[][]> encode, MiniLm teacher, int? rows)
    {
        string[] novel = [.. TestTexts.Novel().Distinct(StringComparer.Ordinal).Take(Math.Min(rows ?? Pairs, Pairs))];
        float[][] own = encode(novel), taught = teacher.Encode(novel);
        // Each text with one far from it, then with its neighbour.
        double[] PairsOf(float[][] vectors) =>
            [.. vectors.Select((v, i) => Cosines.Of(v, vectors[(i + (i % 2 == 0 ? 1 : 977)) % vectors.Length]))];
        return (own.Zip(taught, Cosines.Of).Average(), Similarity.Spearman(PairsOf(own), PairsOf(taught)));
    }

    // The sets are in the order of their intents: rows at equal distances have all of them.
    private static T[] Sample<T>(T[] all, int? most) => most is not { } count || count >= all.Length
        ? all
        : [.. Enumerable.Range(0, count).Select(i => all[(long)i * all.Length / count])];

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Result
    {
        public float[] Embedding { get; set; } = [];
    }
}
