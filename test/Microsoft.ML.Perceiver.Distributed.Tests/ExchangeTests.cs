using System.Globalization;

namespace Microsoft.ML.Perceiver.Tests.Distributed;

[TestClass]
public sealed class ExchangeTests
{
    [TestMethod]
    [DataRow(2, 1)]
    [DataRow(2, 1001)]
    [DataRow(3, 100_000)]
    public void Every_rank_gets_the_same_sums_and_all_texts(int ranks, int numbers)
    {
        string[] lines = MpiProcess.Run(ranks, $"exchange numbers={numbers}");
        string texts = string.Join('|', Enumerable.Range(0, ranks).Select(r => string.Concat(Enumerable.Repeat($"rank {r} ", r + 1))));
        for (int rank = 0; rank < ranks; rank++)
        {
            string Of(string what) => lines.Single(l => l.StartsWith($"{rank}: {what} ", StringComparison.Ordinal)).Split(' ', 3)[2];
            Assert.AreEqual($"{ranks}, local {rank} of {ranks}", Of("of"));
            Assert.IsLessThan(1e-6, double.Parse(Of("error"), CultureInfo.InvariantCulture));
            Assert.AreEqual(lines.First(l => l.Contains(": hash ")).Split(' ')[2], Of("hash"));
            Assert.AreEqual(texts, Of("texts"));
            Assert.AreEqual("first", Of("broadcast"));
        }
    }

    [TestMethod]
    public void The_gradients_of_the_language_model_are_exchanged_in_35_ms()
    {
        string[] lines = MpiProcess.Run(2, "exchange numbers=3270000");
        double[] times = [.. lines
            .Where(l => l.Contains(": milliseconds "))
            .Select(l => double.Parse(l.Split(' ')[2], CultureInfo.InvariantCulture))];
        Assert.HasCount(2, times);
        Assert.IsLessThanOrEqualTo(35, times.Max());
    }

    [TestMethod]
    public void One_process_needs_no_mpiexec()
    {
        string[] lines = MpiProcess.Run(1, "exchange numbers=10");
        CollectionAssert.Contains(lines, "0: of 1, local 0 of 1");
        CollectionAssert.Contains(lines, "0: error 0");
        CollectionAssert.Contains(lines, "0: texts rank 0 ");
    }
}
