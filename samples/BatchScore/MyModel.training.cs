using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;
using Samples;

namespace BatchScore;

/// <summary>The models of the demonstration.</summary>
public static class MyModel
{
    private static readonly string s_messages = Path.Combine(AppContext.BaseDirectory, "Data", "SMSSpamCollection.tsv");

    /// <summary>The messages that the models and the demonstration's texts are made of.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    public static IDataView LoadMessages(MLContext mlContext) => mlContext.Data.LoadFromTextFile<Message>(s_messages);

    /// <summary>Saves the bundled spam filter as a model of ML.NET.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    public static void SaveSpamFilter(MLContext mlContext, string outputModelPath)
    {
        var rows = mlContext.Data.LoadFromEnumerable<Text>([]);
        using var model = mlContext.Transforms.PerceiverTextClassification(PerceiverCheckpoint.Bundled(BundledModels.MiniSpam)).Fit(rows);
        SavedModel.Save(mlContext, model, rows, outputModelPath);
    }

    /// <summary>Trains a tiny filter for one epoch on a few messages, and saves it: for what is said of speed and processes.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="outputModelPath">Where the model is saved.</param>
    public static void TrainTiny(MLContext mlContext, string outputModelPath)
    {
        var config = PerceiverPresets.SmallText with
        {
            NumLatents = 4,
            LatentChannels = 16,
            ModelChannels = 16,
            NumSelfAttendsPerBlock = 1,
            NumSelfAttentionHeads = 2,
            NumCrossAttentionHeads = 2,
            MaxPositionEmbeddings = 64,
        };
        var rows = mlContext.Data.TakeRows(LoadMessages(mlContext), 64);
        var model = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.PerceiverText(
                "Label",
                "Text",
                checkpoint: PerceiverCheckpoint.FromConfig(config, seed: 1),
                training: new PerceiverTrainingOptions { Epochs = 1, BatchSize = 32, ValidationFraction = 0 }))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(rows);
        SavedModel.Save(mlContext, model, rows, outputModelPath);
        (model as IDisposable)?.Dispose();
    }

    /// <summary>A text to classify.</summary>
    public sealed class Text
    {
        /// <summary>The text.</summary>
        [ColumnName("Text")]
        public string Value { get; set; } = "";
    }

    /// <summary>A message with its label.</summary>
    public sealed class Message
    {
        /// <summary>ham or spam.</summary>
        [LoadColumn(0)]
        public string Label { get; set; } = "";

        /// <summary>The message.</summary>
        [LoadColumn(1)]
        public string Text { get; set; } = "";
    }
}
