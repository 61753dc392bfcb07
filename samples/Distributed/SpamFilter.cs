using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace Distributed;

/// <summary>A spam filter that learns from the text messages of samples/TextClassification.</summary>
internal static class SpamFilter
{
    /// <summary>The model: small enough that a step takes longer than the exchange of its gradients.</summary>
    public static PerceiverConfig Config { get; } = PerceiverPresets.SmallText;

    /// <summary>The messages, split into training and test rows the same way in every process.</summary>
    public static DataOperationsCatalog.TrainTestData Load(MLContext mlContext) => mlContext.Data.TrainTestSplit(
        mlContext.Data.LoadFromTextFile<Message>(Path.Combine(AppContext.BaseDirectory, "Data", "SMSSpamCollection.tsv")),
        testFraction: 0.2,
        seed: 1);

    /// <summary>Trains a filter from random weights, the same in every process.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="config">The model.</param>
    /// <param name="training">How it is trained, and with whom.</param>
    /// <param name="rows">The training rows.</param>
    public static ITransformer Train(MLContext mlContext, PerceiverConfig config, PerceiverTrainingOptions training, IDataView rows) =>
        mlContext.Transforms.Conversion.MapValueToKey("LabelKey", "Label")
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(
                labelColumnName: "LabelKey",
                textColumnName: "Text",
                checkpoint: PerceiverCheckpoint.FromConfig(config, seed: 1),
                training: training))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedText", "PredictedLabel"))
            .Fit(rows);

    /// <summary>The share of rows that a filter labels right.</summary>
    public static double Accuracy(MLContext mlContext, ITransformer filter, IDataView rows) =>
        mlContext.MulticlassClassification.Evaluate(filter.Transform(rows), labelColumnName: "LabelKey").MicroAccuracy;

    /// <summary>A row of the file.</summary>
    internal sealed class Message
    {
        /// <summary>ham or spam.</summary>
        [LoadColumn(0)]
        public string Label { get; set; } = "";

        /// <summary>The message.</summary>
        [LoadColumn(1)]
        public string Text { get; set; } = "";
    }
}
