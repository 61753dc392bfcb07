namespace Microsoft.ML.Perceiver;

/// <summary>
/// The assignment of rows to columns whose costs have the smallest sum (H. W. Kuhn 1955), by shortest augmenting paths with potentials:
/// of the order of rows squared times columns.
/// </summary>
internal static class HungarianMatching
{
    /// <summary>Assigns each row a column of its own.</summary>
    /// <param name="costs">Finite costs, [rows, columns], with no more rows than columns.</param>
    /// <returns>The column of each row.</returns>
    internal static int[] Assign(double[,] costs)
    {
        int rows = costs.GetLength(0), columns = costs.GetLength(1);
        if (rows > columns)
            throw new ArgumentException($"There are {rows} rows and only {columns} columns.", nameof(costs));
        // Rows and columns count from 1; the column 0 is where a path starts.
        double[] ofRow = new double[rows + 1], ofColumn = new double[columns + 1];
        int[] rowOf = new int[columns + 1], before = new int[columns + 1];
        for (int row = 1; row <= rows; row++)
        {
            rowOf[0] = row;
            int column = FindFree(costs, ofRow, ofColumn, rowOf, before);
            // Each column on the path takes the row of the one before it.
            while (column != 0)
            {
                rowOf[column] = rowOf[before[column]];
                column = before[column];
            }
        }

        int[] assigned = new int[rows];
        for (int column = 1; column <= columns; column++)
        {
            if (rowOf[column] > 0)
                assigned[rowOf[column] - 1] = column - 1;
        }

        return assigned;
    }

    /// <summary>Finds the cheapest path to a column without a row, and raises the potentials on the way.</summary>
    private static int FindFree(double[,] costs, double[] ofRow, double[] ofColumn, int[] rowOf, int[] before)
    {
        int columns = ofColumn.Length - 1, current = 0;
        double[] shortest = new double[columns + 1];
        Array.Fill(shortest, double.PositiveInfinity);
        bool[] isDone = new bool[columns + 1];
        do
        {
            isDone[current] = true;
            int row = rowOf[current], next = 0;
            double least = double.PositiveInfinity;
            for (int column = 1; column <= columns; column++)
            {
                if (isDone[column])
                    continue;
                double reduced = costs[row - 1, column - 1] - ofRow[row] - ofColumn[column];
                if (reduced < shortest[column])
                    (shortest[column], before[column]) = (reduced, current);
                if (shortest[column] < least)
                    (least, next) = (shortest[column], column);
            }

            for (int column = 0; column <= columns; column++)
            {
                if (isDone[column])
                {
                    ofRow[rowOf[column]] += least;
                    ofColumn[column] -= least;
                }
                else
                {
                    shortest[column] -= least;
                }
            }

            current = next;
        }
        while (rowOf[current] != 0);
        return current;
    }
}
