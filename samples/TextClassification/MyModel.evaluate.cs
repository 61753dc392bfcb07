using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace TextClassification;

public partial class MyModel
{
    /// <summary>ML.NET's metrics of a model on a test set, and how fast it scores it.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="model">The model.</param>
    /// <param name="testSet">The test rows.</param>
    internal static (MulticlassClassificationMetrics Metrics, double RowsPerSecond) Evaluate(MLContext mlContext, ITransformer model, IDataView testSet)
    {
        // Scored once into memory: evaluators go over their rows several times.
        var clock = Stopwatch.StartNew();
        var scored = mlContext.Data.Cache(model.Transform(testSet), "LabelKey", "Score", "PredictedLabel");
        int rows = scored.GetColumn<uint>("PredictedLabel").Count();
        double seconds = clock.Elapsed.TotalSeconds;
        return (mlContext.MulticlassClassification.Evaluate(scored, labelColumnName: "LabelKey"), rows / seconds);
    }

    /// <summary>What ML.NET's own featurizer and linear trainer reach on the same split.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="trainSet">The training rows.</param>
    /// <param name="testSet">The test rows.</param>
    internal static MulticlassClassificationMetrics EvaluateBaseline(MLContext mlContext, IDataView trainSet, IDataView testSet)
    {
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(mlContext.Transforms.Text.FeaturizeText("Features", "Text"))
            .AppendCacheCheckpoint(mlContext)
            .Append(mlContext.MulticlassClassification.Trainers.SdcaMaximumEntropy("LabelKey", "Features"));
        return mlContext.MulticlassClassification.Evaluate(pipeline.Fit(trainSet).Transform(testSet), labelColumnName: "LabelKey");
    }
}
