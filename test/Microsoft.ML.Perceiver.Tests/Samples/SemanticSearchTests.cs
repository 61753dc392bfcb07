using Samples;
using SemanticSearch;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>What samples/SemanticSearch reads, finds and keeps.</summary>
[TestClass]
public sealed class SemanticSearchTests
{
    [TestMethod]
    public void The_nearest_vectors_come_first_and_equal_ones_in_their_order()
    {
        float[][] rows = [[1, 0], [0, 1], [0.6f, 0.8f], [0, 1], [-1, 0]];
        var found = Cosines.Nearest(rows, [0, 1], count: 3);
        CollectionAssert.AreEqual(new[] { 1, 3, 2 }, found.Select(f => f.Row).ToArray());
        Assert.AreEqual(0.8, found[2].Cosine, 1e-6);
        Assert.HasCount(5, Cosines.Nearest(rows, [0, 1], count: 9));
        // Longer than a vector register, with a rest.
        float[] longer = [.. Enumerable.Range(0, 37).Select(i => i % 5 - 2f)];
        Assert.AreEqual(longer.Sum(x => x * x), Cosines.Of(longer, longer));
    }

    [TestMethod]
    public void Rare_words_count_more_than_common_ones_and_parts_of_words_are_found()
    {
        var index = new TfIdf(["the card", "the bank", "the card of the bank", "a refund"]);
        CollectionAssert.AreEqual(new[] { 3 }, index.Nearest("refunded", 5).Select(f => f.Row).ToArray());
        var (row, cosine) = index.Nearest("the card", 5)[0];
        Assert.AreEqual(0, row);
        Assert.AreEqual(1, cosine, 1e-9);
        Assert.AreEqual(1, index.Nearest("bank", 1).Single().Row);
        Assert.IsEmpty(index.Nearest("xyz 9", 5));
    }

    [TestMethod]
    public void Folders_are_read_in_pieces_of_paragraphs()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["in"]);
        File.WriteAllText(folder["b.md"], "# Title\r\n\r\nOne line\nand  another.\n\n---\n\nLast.");
        File.WriteAllText(Path.Combine(folder["in"], "a.TXT"), "First sentence. Second sentence is longer.");
        File.WriteAllText(folder["picture.png"], "not a text");
        const string WholeParagraphs = "# Title|One line and another.|Last.";
        Assert.AreEqual($"{WholeParagraphs}|First sentence.|Second sentence is|longer.", Pieces(24));
        Assert.AreEqual($"{WholeParagraphs}|First sentence. Second sentence|is longer.", Pieces(34));
        Assert.ThrowsExactly<ArgumentException>(() => FolderTexts.Read(Directory.CreateDirectory(folder["empty"]).FullName, 24));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => FolderTexts.Read(folder["missing"], 24));

        string Pieces(int mostBytes) => string.Join('|', FolderTexts.Read(folder.Path, mostBytes));
    }

    [TestMethod]
    public void An_index_is_used_again_for_the_same_model_and_texts_only()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["model"]);
        File.WriteAllText(Path.Combine(folder["model"], "config.json"), "{}");
        File.WriteAllText(Path.Combine(folder["model"], "model.safetensors"), "weights");
        byte[] identity = IndexFile.IdentityOf(folder["model"], ["a", "b"]);
        float[][] vectors = [[1, 2, 3], [4, 5, 6]];
        Assert.IsNull(IndexFile.Read(folder["index"], identity, 2));
        IndexFile.Write(folder["index"], identity, vectors);
        float[][] read = IndexFile.Read(folder["index"], IndexFile.IdentityOf(folder["model"], ["a", "b"]), 2)!;
        CollectionAssert.AreEqual(vectors.SelectMany(v => v).ToArray(), read.SelectMany(v => v).ToArray());

        Assert.IsNull(IndexFile.Read(folder["index"], IndexFile.IdentityOf(folder["model"], ["ab"]), 2));
        Assert.IsNull(IndexFile.Read(folder["index"], IndexFile.IdentityOf(folder["model"], ["b", "a"]), 2));
        File.WriteAllText(Path.Combine(folder["model"], "model.safetensors"), "other weights");
        Assert.IsNull(IndexFile.Read(folder["index"], IndexFile.IdentityOf(folder["model"], ["a", "b"]), 2));
        byte[] whole = File.ReadAllBytes(folder["index"]);
        foreach (int length in (int[])[whole.Length - 1, 36, 20, 0])
        {
            File.WriteAllBytes(folder["index"], whole[..length]);
            Assert.IsNull(IndexFile.Read(folder["index"], identity, 2), $"{length} bytes");
        }
    }
}
