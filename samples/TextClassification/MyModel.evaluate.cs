using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace TextClassification;

public partial class MyModel
{
    /// <summary>ML.NET's metrics of a model on a test set, and how fast it scores it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="trainSet">The rows it was trained on.</param>
    /// <param name="testSet">The test rows.</param>
    internal static Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView trainSet, IDataView testSet)
    {
        // Scored once into memory: evaluators go over their rows several times.
        var clock = Stopwatch.StartNew();
        var scored = mlContext.Data.Cache(model.Transform(testSet), "Text", "LabelKey", "Score", "PredictedLabel");
        int rows = scored.GetColumn<uint>("PredictedLabel").Count();
        double seconds = clock.Elapsed.TotalSeconds;
        var trainingTexts = trainSet.GetColumn<string>("Text").ToHashSet();
        bool[] unseen = scored.GetColumn<string>("Text").Select(t => !trainingTexts.Contains(t)).ToArray();
        var pairs = scored.GetColumn<uint>("PredictedLabel").Zip(scored.GetColumn<uint>("LabelKey"));
        int right = pairs.Where((pair, i) => unseen[i] && pair.First == pair.Second).Count();
        int count = unseen.Count(u => u);
        var metrics = mlContext.MulticlassClassification.Evaluate(scored, labelColumnName: "LabelKey");
        return new Evaluation(metrics, rows / seconds, count, right / (double)count);
    }

    /// <summary>What ML.NET's own featurizer and linear trainer reach on the same split.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="trainSet">The training rows.</param>
    /// <param name="testSets">The test rows, and others to judge the same model on.</param>
    internal static MulticlassClassificationMetrics[] EvaluateBaseline(
        MLContext mlContext, IDataView trainSet, params IReadOnlyList<IDataView> testSets)
    {
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(mlContext.Transforms.Text.FeaturizeText("Features", "Text"))
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy("LabelKey", "Features"));
        var model = pipeline.Fit(trainSet);
        MulticlassClassificationMetrics Judge(IDataView rows) =>
            mlContext.MulticlassClassification.Evaluate(model.Transform(rows), labelColumnName: "LabelKey");
        return [.. testSets.Select(Judge)];
    }

    /// <summary>What <see cref="Evaluate"/> finds.</summary>
    /// <param name="Metrics">ML.NET's metrics of the whole test set.</param>
    /// <param name="RowsPerSecond">Rows scored a second.</param>
    /// <param name="UnseenRows">Test rows whose very text is not among the training rows as well; data sets repeat themselves.</param>
    /// <param name="UnseenAccuracy">The accuracy on those.</param>
    internal sealed record Evaluation(MulticlassClassificationMetrics Metrics, double RowsPerSecond, int UnseenRows, double UnseenAccuracy);
}
