using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

[TestClass]
public sealed class SentenceRowsTests
{
    [TestMethod]
    public void A_line_has_the_vectors_of_its_number()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["t"], "one\r\n\nthé end of it\nlast");
        using var first = Vectors(folder["a"], 4, 2);
        using var second = Vectors(folder["b"], 4, 3);
        var rows = PerceiverSentenceRows.FromFiles(folder["t"], 10, first, second);
        Assert.AreEqual(4, rows.Count);
        string[] texts = ["one", "", "thé end", "last"];
        Parallel.For(0, 40, i =>
        {
            var row = rows.Read(i % 4);
            Assert.AreEqual(texts[i % 4], Encoding.UTF8.GetString([.. row.Ids[1..^1].Select(id => (byte)(id - 6))]));
            CollectionAssert.AreEqual(new float[] { i % 4, 1 }, row.Vectors[0]);
            CollectionAssert.AreEqual(new float[] { i % 4, 1, 2 }, row.Vectors[1]);
            Assert.IsGreaterThanOrEqualTo(row.Ids.Length, rows.LengthOf(i % 4));
        });
    }

    [TestMethod]
    public void Other_texts_or_vectors_have_another_fingerprint()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["t"], "a\nb\n");
        File.WriteAllText(folder["u"], "a\nc\n");
        using var two = Vectors(folder["a"], 2, 2);
        using var three = Vectors(folder["b"], 2, 3);
        string[] prints = [Of("t", two), Of("u", two), Of("t", three), Of("t", two)];
        Assert.AreEqual(3, prints.Distinct().Count());
        Assert.AreEqual(prints[0], prints[3]);

        string Of(string file, PerceiverTeacherVectors vectors) => PerceiverSentenceRows.FromFiles(folder[file], 10, vectors).Fingerprint();
    }

    [TestMethod]
    public void Files_that_do_not_fit_are_named()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["t"], "a\nb\n");
        using var vectors = Vectors(folder["a"], 3, 2);
        var error = Assert.ThrowsExactly<FormatException>(() => PerceiverSentenceRows.FromFiles(folder["t"], 10, vectors));
        StringAssert.Contains(error.Message, "has 2 lines, and a teacher has 3 vectors");
        Assert.ThrowsExactly<ArgumentException>(() => PerceiverSentenceRows.FromFiles(folder["t"], 10));
        Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverSentenceRows.FromFiles(folder["none"], 10, vectors));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => PerceiverSentenceRows.FromFiles(folder["t"], 2, vectors));
    }

    [TestMethod]
    public void An_encoder_learns_from_files()
    {
        using var folder = new TemporaryFolder();
        var examples = SentenceTexts.Examples(40, 2, SentenceTexts.Dimension);
        File.WriteAllLines(folder["t"], examples.Select(e => Encoding.UTF8.GetString([.. e.Ids[1..^1].Select(id => (byte)(id - 6))])));
        using (var writer = new PerceiverTeacherVectorsWriter(folder["v"], SentenceTexts.Dimension, PerceiverPrecision.Float32))
        {
            foreach (var example in examples)
                writer.Write(example.Vectors[0]);
            writer.Complete();
        }

        using var vectors = PerceiverTeacherVectors.Open(folder["v"]);
        var options = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 8 };
        var fromFiles = Train(PerceiverSentenceRows.FromFiles(folder["t"], 40, vectors), options);
        TinyRun.AssertSame(Train([.. examples], options), fromFiles);
    }

    private static Dictionary<string, Tensor> Train(PerceiverRows<PerceiverSentenceExample> rows, PerceiverTrainingOptions options)
    {
        using var model = new PerceiverForSentenceEmbedding(SentenceTexts.EncoderConfig, seed: 5);
        PerceiverTrainer.Run(new PerceiverDistillationObjective(model, rows, [], options), options);
        return TinyRun.Copy(model);
    }

    private static PerceiverTeacherVectors Vectors(string path, int count, int dimension)
    {
        using (var writer = new PerceiverTeacherVectorsWriter(path, dimension))
        {
            for (int row = 0; row < count; row++)
                writer.Write([row, .. Enumerable.Range(1, dimension - 1).Select(i => (float)i)]);
            writer.Complete();
        }

        return PerceiverTeacherVectors.Open(path);
    }
}
