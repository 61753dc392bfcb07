using System.Text;
using Microsoft.ML;

namespace TextClassification;

/// <summary>Test rows with typing errors.</summary>
internal static class Typos
{
    /// <summary>The share of the letters that have an error.</summary>
    public const double Share = 0.1;

    /// <summary>
    /// The same rows, a tenth of whose letters are left out, doubled, swapped with the next one or replaced by another letter.
    /// </summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="rows">Rows with a label and a text.</param>
    /// <param name="seed">The seed of the errors.</param>
    public static IDataView Of(MLContext mlContext, IDataView rows, int seed = 1)
    {
        var random = new Random(seed);
        return mlContext.Data.LoadFromEnumerable(MyModel.ReadRows(rows)
            .Select(row => new MyModel.ModelInput { Text = Misspell(row.Text, random), Label = row.Label }).ToArray());
    }

    private static string Misspell(string text, Random random)
    {
        var result = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetter(text[i]) || random.NextDouble() >= Share)
            {
                result.Append(text[i]);
                continue;
            }

            switch (random.Next(4))
            {
                case 0:
                    break;
                case 1:
                    result.Append(text[i], 2);
                    break;
                case 2 when i + 1 < text.Length:
                    result.Append(text[i + 1]).Append(text[i]);
                    i++;
                    break;
                default:
                    result.Append((char)('a' + random.Next(26)));
                    break;
            }
        }

        return result.ToString();
    }
}
