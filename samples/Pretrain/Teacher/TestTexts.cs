namespace Pretrain.Teacher;

/// <summary>The texts of all bundled sets that models are judged by; nothing that reads like one of them is learnt from.</summary>
internal static class TestTexts
{
    private static string Data => Path.Combine(AppContext.BaseDirectory, "Data");

    /// <summary>The keys (<see cref="Sentences.Key"/>) of the test texts.</summary>
    public static HashSet<string> Keys() =>
        [.. Corpus.Banking77("test.csv").Concat(Corpus.MovieReviews(test: true)).Concat(Clinc150).Concat(Corpus.SmsSpam(test: true))
            .Concat(Novel()).Concat(BrownTexts.Read(test: true)).Select(Sentences.Key)];

    /// <summary>The sentences of the novel that judges.</summary>
    public static IEnumerable<string> Novel() =>
        Sentences.Of(File.ReadAllText(Path.Combine(Data, "corpus", "the-adventures-of-sherlock-holmes.txt")));

    private static IEnumerable<string> Clinc150 => Corpus.Clinc150("val", "test", "oos_val", "oos_test").Select(row => row.Text);
}
