using System.Text;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class TextRowsTests
{
    [TestMethod]
    public void Windows_of_files_cover_every_byte_once()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["a"], "The quick brown fox");
        File.WriteAllText(folder["empty"], "");
        File.WriteAllText(folder["b"], "jumpé");
        var rows = PerceiverTextRows.FromFiles([folder["a"], folder["empty"], folder["b"]], 10);
        Assert.AreEqual(4, rows.Count);
        string[] texts = Enumerable.Range(0, 4).Select(i => Text(rows.Read(i))).ToArray();
        CollectionAssert.AreEqual(new[] { "The quic", "k brown ", "fox", "jumpé" }, texts);
        for (int i = 0; i < 4; i++)
            Assert.HasCount(rows.LengthOf(i), rows.Read(i));
    }

    [TestMethod]
    public void Training_moves_the_windows_within_their_file()
    {
        using var folder = new TemporaryFolder();
        string content = string.Concat(Enumerable.Range(0, 50).Select(i => (char)('A' + i)));
        File.WriteAllText(folder["a"], content);
        var rows = PerceiverTextRows.FromFiles([folder["a"]], 12);
        using var random = new PerceiverRandom(1);
        var seen = new HashSet<string>();
        for (int i = 0; i < 200; i++)
        {
            int[] ids = rows.Read(i % rows.Count, random);
            Assert.HasCount(12, ids);
            StringAssert.Contains(content, Text(ids));
            seen.Add(Text(ids));
        }

        Assert.IsGreaterThan(30, seen.Count);
    }

    [TestMethod]
    public void A_file_far_larger_than_its_window_is_not_read_whole()
    {
        using var folder = new TemporaryFolder();
        const long length = 40L << 30;
        using (var sparse = File.Create(folder["big"]))
        {
            sparse.SetLength(length);
            sparse.Seek(-5, SeekOrigin.End);
            sparse.Write("tail."u8);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var rows = PerceiverTextRows.FromFiles([folder["big"]], 130);
        Assert.AreEqual((int)(length / 128), rows.Count);
        StringAssert.EndsWith(Text(rows.Read(rows.Count - 1)), "tail.");
        // An epoch's order costs no memory either.
        int[] batch = LengthBuckets.Shuffle(rows.Count, 8, rows.LengthOf, key: 5).First();
        Assert.HasCount(8, batch);
        Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Sources_are_joined()
    {
        var rows = PerceiverRows.Join(
            PerceiverTextRows.FromTokens([[4, 5], [4, 70, 5]]),
            PerceiverTextRows.FromTokens([]),
            PerceiverTextRows.FromTokens([[4, 71, 72, 5]]));
        Assert.AreEqual(3, rows.Count);
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, Enumerable.Range(0, 3).Select(rows.LengthOf).ToArray());
        CollectionAssert.AreEqual(new[] { 4, 71, 72, 5 }, rows.Read(2));
    }

    [TestMethod]
    public void Bad_files_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["empty"], "");
        var missing = Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverTextRows.FromFiles([folder["none"]], 10));
        StringAssert.Contains(missing.Message, "none");
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverTextRows.FromFiles([folder["empty"]], 10));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverTextRows.FromFiles([folder["empty"]], 2));
        File.WriteAllText(folder["shrinks"], new string('x', 100));
        var rows = PerceiverTextRows.FromFiles([folder["shrinks"]], 42);
        File.WriteAllText(folder["shrinks"], "");
        StringAssert.Contains(Assert.ThrowsExactly<IOException>(() => rows.Read(1)).Message, "shorter");
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(97)]
    [DataRow(4096)]
    public void An_order_has_every_row_once_and_may_begin_anywhere(int count)
    {
        var order = new RowPermutation(count, 11);
        long[] all = Enumerable.Range(0, count).Select(i => order.At(i)).ToArray();
        CollectionAssert.AreEqual(Enumerable.Range(0, count).Select(i => (long)i).ToArray(), all.Order().ToArray());
        int[][] batches = LengthBuckets.Shuffle(count, 3, i => i % 5, 11).ToArray();
        foreach (int skipped in (int[])[0, 1, 49, 50, 120])
        {
            var resumed = LengthBuckets.Shuffle(count, 3, i => i % 5, 11, skipped);
            CollectionAssert.AreEqual(batches.Skip(skipped).SelectMany(b => b).ToArray(), resumed.SelectMany(b => b).ToArray());
        }
    }

    private static string Text(int[] ids)
    {
        Assert.AreEqual(4, ids[0]);
        Assert.AreEqual(5, ids[^1]);
        return Encoding.UTF8.GetString(ids[1..^1].Select(i => (byte)(i - 6)).ToArray());
    }
}
