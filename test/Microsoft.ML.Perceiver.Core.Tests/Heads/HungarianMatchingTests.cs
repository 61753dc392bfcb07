namespace Microsoft.ML.Perceiver.Tests.Heads;

[TestClass]
public sealed class HungarianMatchingTests
{
    [TestMethod]
    public void The_sum_is_that_of_the_best_of_all_assignments()
    {
        var random = new Random(1);
        for (int turn = 0; turn < 400; turn++)
        {
            int rows = random.Next(0, 6), columns = rows + random.Next(0, 3);
            // Whole numbers of a small range have many assignments of one sum.
            double[,] costs = Draw(random, rows, columns, whole: turn % 2 == 0);
            int[] assigned = HungarianMatching.Assign(costs);
            Assert.HasCount(rows, assigned);
            Assert.HasCount(rows, assigned.Distinct());
            Assert.IsTrue(assigned.All(c => c >= 0 && c < columns));
            Assert.AreEqual(Best(costs, 0, new bool[columns]), SumOf(costs, assigned), 1e-9);
        }
    }

    [TestMethod]
    public void No_exchange_of_two_rows_or_of_a_free_column_is_cheaper_and_shifts_change_nothing()
    {
        var random = new Random(2);
        double[,] costs = Draw(random, 40, 60, whole: false);
        int[] assigned = HungarianMatching.Assign(costs);
        for (int a = 0; a < 40; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double now = costs[a, assigned[a]] + costs[b, assigned[b]];
                Assert.IsLessThanOrEqualTo(costs[a, assigned[b]] + costs[b, assigned[a]] + 1e-9, now);
            }

            foreach (int free in Enumerable.Range(0, 60).Except(assigned))
                Assert.IsLessThanOrEqualTo(costs[a, free] + 1e-9, costs[a, assigned[a]]);
        }

        // A number added to all costs of a row adds to each assignment alike.
        for (int row = 0; row < 40; row++)
        {
            double shift = random.NextDouble() * 100;
            for (int column = 0; column < 60; column++)
                costs[row, column] += shift;
        }

        CollectionAssert.AreEqual(assigned, HungarianMatching.Assign(costs));
    }

    [TestMethod]
    public void More_rows_than_columns_are_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => HungarianMatching.Assign(new double[3, 2]));

    private static double[,] Draw(Random random, int rows, int columns, bool whole)
    {
        double[,] costs = new double[rows, columns];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                costs[row, column] = whole ? random.Next(-3, 4) : random.NextDouble() * 10 - 5;
        }

        return costs;
    }

    private static double SumOf(double[,] costs, int[] assigned) => assigned.Select((column, row) => costs[row, column]).Sum();

    private static double Best(double[,] costs, int row, bool[] isTaken)
    {
        if (row == costs.GetLength(0))
            return 0;
        double best = double.PositiveInfinity;
        for (int column = 0; column < isTaken.Length; column++)
        {
            if (isTaken[column])
                continue;
            isTaken[column] = true;
            best = Math.Min(best, costs[row, column] + Best(costs, row + 1, isTaken));
            isTaken[column] = false;
        }

        return best;
    }
}
