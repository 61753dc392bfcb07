using System.Diagnostics;
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
    /// <param name="modelFolder">The folder of the model.</param>
    /// <param name="summary">The file for the figures; null for none.</param>
    public static void Run(string modelFolder, string? summary)
    {
        var ml = new MLContext(seed: 1);
        using var teacher = new MiniLm(Environment.ProcessorCount);
        using var encoder = ml.Transforms.PerceiverSentenceEmbedding(PerceiverCheckpoint.FromDirectory(modelFolder))
            .Fit(ml.Data.LoadFromEnumerable(Array.Empty<Row>()));
        float[][] Encode(IEnumerable<string> texts) => [.. encoder
            .Transform(ml.Data.LoadFromEnumerable(texts.Select(t => new Row { Text = t }))).GetColumn<float[]>("Embedding")];

        string[] novel = [.. TestTexts.Novel().Distinct(StringComparer.Ordinal).Take(Pairs)];
        float[][] own = Encode(novel), taught = teacher.Encode(novel);
        double cosine = own.Zip(taught, Similarity.Cosine).Average();
        // Each text with one far from it, then with its neighbour.
        double[] Cosines(float[][] vectors) =>
            [.. vectors.Select((v, i) => Similarity.Cosine(v, vectors[(i + (i % 2 == 0 ? 1 : 977)) % vectors.Length]))];
        double spearman = Similarity.Spearman(Cosines(own), Cosines(taught));

        var (train, test) = Intents.Read();
        string[] trainTexts = [.. train.Select(r => r.Text)], testTexts = [.. test.Select(r => r.Text)];
        double Share(int[] nearest) => nearest.Select((n, i) => train[n].Intent == test[i].Intent ? 1.0 : 0).Average();
        double intent = Share(Similarity.Nearest(Encode(trainTexts), Encode(testTexts)));
        double intentTeacher = Share(Similarity.Nearest(teacher.Encode(trainTexts), teacher.Encode(testTexts)));
        double intentTfIdf = Share(new TfIdf(trainTexts).Nearest(testTexts));

        string[] timed = testTexts[..TimedTexts];
        using var engine = ml.Model.CreatePredictionEngine<Row, Result>(encoder);
        double single = PerSecond(timed, () => Array.ForEach(timed, t => engine.Predict(new Row { Text = t })));
        double batched = PerSecond(timed, () => Encode(timed));
        double teacherSingle = PerSecond(timed, () => Array.ForEach(timed, t => teacher.Encode([t])));
        double teacherBatched = PerSecond(timed, () => teacher.Encode(timed));

        var table = new Table().AddColumns("on texts not read", "Perceiver", "all-MiniLM-L6-v2", "TF-IDF");
        table.AddRow("mean cosine to the teacher", $"{cosine:f3}", "", "");
        table.AddRow($"Spearman of the cosines of {Pairs:n0} pairs", $"{spearman:f3}", "", "");
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

    private static double PerSecond(string[] texts, Action encode)
    {
        encode();
        var watch = Stopwatch.StartNew();
        encode();
        return texts.Length / watch.Elapsed.TotalSeconds;
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Result
    {
        public float[] Embedding { get; set; } = [];
    }
}
