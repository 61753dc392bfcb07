using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace Pretrain;

/// <summary>What the model reads: three novels and the training texts of the bundled sets; a fourth novel is kept to judge it by.</summary>
internal static class Corpus
{
    // Every so many windows of the novel that is kept decide which weights are the best; the others only judge those.
    private const int ValidationShare = 10;

    // A text costs as much as a long window, however short it is.
    private const int ShortTextShare = 4;

    private static string Data => Path.Combine(AppContext.BaseDirectory, "Data");

    private static string[] Novels => ["middlemarch.txt", "moby-dick.txt", "pride-and-prejudice.txt"];

    /// <summary>The novels that are trained on.</summary>
    public static IEnumerable<string> NovelFiles => Novels.Select(n => Path.Combine(Data, "corpus", n));

    /// <summary>The files that are trained on.</summary>
    /// <param name="folder">Where the bundled sets' texts are written to, a file a set.</param>
    public static string[] TrainingFiles(string folder)
    {
        Directory.CreateDirectory(folder);
        string Write(string name, IEnumerable<string> texts)
        {
            string path = Path.Combine(folder, name + ".txt");
            File.WriteAllText(path, string.Join('\n', texts), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return path;
        }

        return
        [
            .. NovelFiles,
            Write("banking77", Banking77()),
            Write("movie-reviews", MovieReviews()),
            Write("clinc150", Clinc150()),
            Write("sentiment-sentences", SentimentSentences()),
        ];
    }

    /// <summary>Some of the bundled sets' texts as texts of their own, as fine-tuning will see them.</summary>
    /// <param name="longest">Tokens that a text may have; the rest is left out.</param>
    public static PerceiverRows<int[]> ShortTexts(int longest)
    {
        var tokenizer = new PerceiverTokenizer();
        string[] all = [.. Banking77(), .. MovieReviews(), .. Clinc150(), .. SentimentSentences()];
        var options = new PerceiverEncodingOptions { Truncation = PerceiverTokenizerTruncation.LongestFirst, MaxLength = longest };
        int[] Encode(string text) => tokenizer.Encode(text, options: options).InputIds.ToArray();
        return PerceiverTextRows.FromTokens([.. all.Where((_, i) => i % ShortTextShare == 0).Select(Encode)]);
    }

    /// <summary>The novel that is not trained on, in windows.</summary>
    /// <param name="length">Tokens of a window.</param>
    /// <param name="validation">The windows that choose the weights instead of those that judge them.</param>
    public static PerceiverRows<int[]> HeldOut(int length, bool validation)
    {
        var rows = PerceiverTextRows.FromFiles([Path.Combine(Data, "corpus", "the-adventures-of-sherlock-holmes.txt")], length);
        var windows = Enumerable.Range(0, rows.Count).Where(i => i % ValidationShare == 0 == validation);
        return PerceiverTextRows.FromTokens([.. windows.Select(i => rows.Read(i))]);
    }

    /// <summary>The bank queries of a file.</summary>
    /// <param name="file">The file with the training rows, or <c>test.csv</c>.</param>
    public static string[] Banking77(string file = "train.csv")
    {
        var rows = new MLContext().Data.LoadFromTextFile(Path.Combine(Data, "banking77", file), new TextLoader.Options
        {
            Separators = [','],
            HasHeader = true,
            AllowQuoting = true,
            ReadMultilines = true,
            Columns = [new("Text", DataKind.String, 0)],
        });
        return rows.GetColumn<string>("Text").Select(t => t.Trim()).ToArray();
    }

    /// <summary>The review sentences; every tenth line of each file is a test row of the fine-tuning sample.</summary>
    /// <param name="test">Whether the test rows are wanted.</param>
    public static IEnumerable<string> MovieReviews(bool test = false)
    {
        string[] files = ["rt-polarity.pos", "rt-polarity.neg"];
        string folder = Path.Combine(Data, "movie-review-polarity");
        return files.SelectMany(f => File.ReadLines(Path.Combine(folder, f)).Where((_, i) => i % 10 == 9 == test));
    }

    /// <summary>The training queries to an assistant.</summary>
    public static IEnumerable<string> Clinc150() => Clinc150("train", "oos_train").Select(row => row.Text);

    /// <summary>Queries to an assistant with their intents.</summary>
    /// <param name="parts">The parts of the set, such as <c>test</c>; those whose names begin with <c>oos_</c> have no intent.</param>
    public static (string Text, string Intent)[] Clinc150(params IReadOnlyList<string> parts)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "clinc150", "data_full.json")));
        var rows = parts.SelectMany(part => json.RootElement.GetProperty(part).EnumerateArray());
        return [.. rows.Select(row => (row[0].GetString()!, row[1].GetString()!))];
    }

    /// <summary>The sentences about products, films and restaurants.</summary>
    public static IEnumerable<string> SentimentSentences() =>
        Directory.GetFiles(Path.Combine(Data, "sentiment-sentences"), "*.txt").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Select(l => l[..l.LastIndexOf('\t')].Trim());

    /// <summary>The text messages, in the split of the fine-tuning sample and of the README.</summary>
    /// <param name="test">Whether the test rows are wanted.</param>
    public static string[] SmsSpam(bool test)
    {
        var ml = new MLContext();
        var rows = ml.Data.LoadFromTextFile(Path.Combine(Data, "SMSSpamCollection.tsv"), new TextLoader.Options
        {
            Columns = [new("Label", DataKind.String, 0), new("Text", DataKind.String, 1)],
        });
        var split = ml.Data.TrainTestSplit(rows, testFraction: 0.2, seed: 1);
        return [.. (test ? split.TestSet : split.TrainSet).GetColumn<string>("Text")];
    }
}
