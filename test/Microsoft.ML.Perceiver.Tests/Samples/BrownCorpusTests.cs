using System.Formats.Tar;
using System.IO.Compression;
using System.Reflection;
using System.Text;
using Microsoft.ML.Data;
using TokenClassification;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>How samples/TokenClassification reads the Brown corpus.</summary>
[TestClass]
public sealed class BrownCorpusTests
{
    [TestMethod]
    [DataRow("nn", "NN")]
    [DataRow("np$", "NP$")]
    [DataRow("nn$-tl", "NN$")]
    [DataRow("nn-tl-hl", "NN")]
    [DataRow("rb-nc", "RB")]
    [DataRow("fw-in", "IN")]
    [DataRow("fw-nn-tl-nc", "NN")]
    [DataRow("fw-in+at-t", "IN")]
    [DataRow("fw-*-tl", "*")]
    [DataRow("ppss+bem", "PPSS")]
    [DataRow("pps+bez-nc", "PPS")]
    [DataRow("ppss+bez*", "PPSS")]
    [DataRow("wdt+do+pps", "WDT")]
    [DataRow("md*", "MD")]
    [DataRow("do*-hl", "DO")]
    [DataRow("*", "*")]
    [DataRow("*-hl", "*")]
    [DataRow("--", "--")]
    [DataRow("---hl", "--")]
    [DataRow(",-hl", ",")]
    [DataRow("``", "``")]
    [DataRow("pp$$", "PP$$")]
    [DataRow("nil", "NIL")]
    public void Base_tags(string tag, string expected) => Assert.AreEqual(expected, BrownTag.Base(tag));

    [TestMethod]
    public void Lines_are_sentences_of_words_and_tags()
    {
        var file = BrownFile.Read("ca01", new StringReader("\n\n\tThe/at jury/nn-tl and/or/cc 1/2/cd ./. \n\nIsn't/bez* it/pps ?/.\n"));
        Assert.AreEqual("ca01", file.Name);
        Assert.HasCount(2, file.Sentences);
        Assert.AreEqual("The jury and/or 1/2 .", file.Sentences[0].Text);
        CollectionAssert.AreEqual(new[] { "The", "jury", "and/or", "1/2", "." }, file.Sentences[0].Words);
        CollectionAssert.AreEqual(new[] { "AT", "NN", "CC", "CD", "." }, file.Sentences[0].Tags);
        CollectionAssert.AreEqual(new[] { "BEZ", "PPS", "." }, file.Sentences[1].Tags);
    }

    [TestMethod]
    public void Sentences_with_a_word_without_a_tag_are_left_out()
    {
        var file = BrownFile.Read("ca01", new StringReader("One/cd ./.\nTwo/cd of/nil ./.\nAf/nil-hl\nThree/cd ./.\n"));
        CollectionAssert.AreEqual(new[] { "One .", "Three ." }, file.Sentences.Select(s => s.Text).ToArray());
    }

    [TestMethod]
    [DataRow("word")]
    [DataRow("word/")]
    [DataRow("/nn")]
    public void A_token_that_is_no_word_with_a_tag_is_refused(string token)
    {
        var text = new StringReader($"The/at jury/nn\n\nThe/at {token} said/vbd\n");
        string message = Assert.ThrowsExactly<FormatException>(() => BrownFile.Read("ca01", text)).Message;
        StringAssert.Contains(message, "'ca01', line 3");
        StringAssert.Contains(message, $"'{token}'");
    }

    [TestMethod]
    public void A_package_gives_its_texts_in_the_order_of_their_names()
    {
        using var folder = new TemporaryFolder();
        string path = folder["package.tgz"];
        WritePackage(path, ("cb01", "Two/cd\n"), ("README", "BROWN CORPUS\n"), ("ca02", "One/cd\n"), ("cats.txt", "ca02 news\n"));
        var files = BrownCorpus.Read(path);
        CollectionAssert.AreEqual(new[] { "ca02", "cb01" }, files.Select(f => f.Name).ToArray());
        CollectionAssert.AreEqual(new[] { "One", "Two" }, files.Select(f => f.Sentences.Single().Text).ToArray());
    }

    [TestMethod]
    public void What_is_no_package_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder["package.tgz"];
        StringAssert.Contains(Assert.ThrowsExactly<FileNotFoundException>(() => BrownCorpus.Read(path)).Message, "eng/fetch-brown.sh");
        File.WriteAllText(path, "The/at jury/nn\n");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => BrownCorpus.Read(path)).Message, path);
        WritePackage(path, ("README", "BROWN CORPUS\n"));
        StringAssert.Contains(Assert.ThrowsExactly<FormatException>(() => BrownCorpus.Read(path)).Message, path);
        WritePackage(path, ("ca01", string.Concat(Enumerable.Range(0, 10000).Select(i => $"{i * 7919L % 10007}/cd\n"))));
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..10000]);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => BrownCorpus.Read(path)).Message, path);
    }

    [TestMethod]
    public void Every_tenth_file_is_held_out()
    {
        var files = Enumerable.Range(1, 25).Select(i => new BrownFile($"ca{i:d2}", [new TaggedSentence([$"{i}"], ["CD"])])).ToArray();
        var data = DataSet.HoldOut(files);
        CollectionAssert.AreEqual(new[] { "10", "20" }, data.Test.Select(s => s.Text).ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(1, 25).Where(i => i % 10 != 0).Select(i => $"{i}").ToArray(), data.Train.Select(s => s.Text).ToArray());
    }

    [TestMethod]
    public void Sentences_become_rows()
    {
        TaggedSentence[] sentences = [new(["The", "jury", "said", "."], ["AT", "NN", "VBD", "."]), new(["Yes"], ["RB"])];
        var rows = DataSet.Rows(new MLContext(), sentences);
        foreach (var (column, expected) in new[] { ("Words", sentences.Select(s => s.Words)), ("Labels", sentences.Select(s => s.Tags)) })
        {
            var vectors = rows.GetColumn<string[]>(column).ToArray();
            Assert.HasCount(2, vectors);
            foreach (var (vector, values) in vectors.Zip(expected))
                CollectionAssert.AreEqual(values, vector);
        }
    }

    [TestMethod]
    public void The_corpus_and_its_baseline()
    {
        string path = Path.Combine(SampleFolder, "TokenClassification", "Data", Path.GetFileName(BrownCorpus.DefaultPath));
        if (!File.Exists(path))
            Assert.Inconclusive($"There is no '{path}'; eng/fetch-brown.sh downloads it.");
        var files = BrownCorpus.Read(path);
        Assert.HasCount(500, files);
        var data = DataSet.HoldOut(files);
        Assert.HasCount(51_674, data.Train);
        Assert.HasCount(5_641, data.Test);
        Assert.AreEqual(1_044_759, data.Train.Sum(s => s.Words.Length));
        Assert.AreEqual(91, data.Train.SelectMany(s => s.Tags).Distinct().Count());
        var baseline = MostFrequentTag.Fit(data.Train).Evaluate(data.Test);
        Assert.AreEqual(115_742, baseline.Tokens);
        Assert.AreEqual(0.914, baseline.Accuracy, 5e-4);
    }

    private static string SampleFolder =>
        typeof(BrownCorpusTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "SampleFolder").Value!;

    private static void WritePackage(string path, params (string Name, string Text)[] files)
    {
        using var archive = new TarWriter(new GZipStream(File.Create(path), CompressionLevel.Optimal));
        foreach (var (name, text) in files)
        {
            using var data = new MemoryStream(Encoding.UTF8.GetBytes(text));
            archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/{name}") { DataStream = data });
        }
    }
}
