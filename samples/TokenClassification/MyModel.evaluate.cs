using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace TokenClassification;

public partial class MyModel
{
    /// <summary>Compares the tags that a model gives with the right ones.</summary>
    /// <param name="model">The model.</param>
    /// <param name="testSet">The test rows.</param>
    /// <param name="isKnown">Whether a word occurs in the training rows.</param>
    internal static Evaluation Evaluate(ITransformer model, IDataView testSet, Func<string, bool> isKnown)
    {
        var clock = Stopwatch.StartNew();
        string[][] predicted = model.Transform(testSet).GetColumn<string[]>("PredictedTags").ToArray();
        double seconds = clock.Elapsed.TotalSeconds;
        long tokens = 0, right = 0, unknown = 0, unknownRight = 0;
        var rows = testSet.GetColumn<string[]>("Words").Zip(testSet.GetColumn<string[]>("Labels"), predicted);
        foreach (var (words, labels, tags) in rows)
        {
            for (int i = 0; i < words.Length; i++)
            {
                bool isRight = labels[i] == tags[i];
                tokens++;
                right += isRight ? 1 : 0;
                if (isKnown(words[i]))
                    continue;
                unknown++;
                unknownRight += isRight ? 1 : 0;
            }
        }

        return new Evaluation(tokens, right / (double)tokens, unknownRight / (double)unknown, predicted.Length / seconds);
    }

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Tokens">The number of words.</param>
    /// <param name="Accuracy">The share of words whose tag is right.</param>
    /// <param name="UnknownAccuracy">The same of words that do not occur in the training rows.</param>
    /// <param name="RowsPerSecond">Rows scored a second.</param>
    internal sealed record Evaluation(long Tokens, double Accuracy, double UnknownAccuracy, double RowsPerSecond);
}
