using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class TextCell
{
    public static void Run(MLContext ml)
    {
        #region Text classification
        // The same language model as the start of a spam filter: its encoder is taken over, and its head is randomly initialised. Some
        // three hundred labelled text messages and two epochs are enough to see it work; `samples/TextClassification` trains on all of
        // them.
        var messages = ml.Data.LoadFromTextFile(
            Sample("TextClassification/Data/SMSSpamCollection.tsv"),
            new TextLoader.Options { AllowQuoting = false, Columns = [new("Label", DataKind.String, 0), new("Text", DataKind.String, 1)] });
        var split = ml.Data.TrainTestSplit(ml.Data.TakeRows(messages, 600), testFraction: 0.5, seed: 1);
        var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage);
        var training = new PerceiverTrainingOptions { Epochs = 2, BatchSize = 8, LearningRate = 5e-4 };
        var classifier = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.PerceiverText(checkpoint: checkpoint, training: training))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Prediction", "PredictedLabel"))
            .Fit(split.TrainSet);
        // Kept, because an evaluation goes over its rows several times.
        var scored = ml.Data.Cache(classifier.Transform(split.TestSet), "Label", "Score", "PredictedLabel");
        int others = split.TestSet.GetColumn<string>("Text").Count();
        Console.WriteLine($"right about {ml.MulticlassClassification.Evaluate(scored).MicroAccuracy:P1} of {others} other messages");

        var news = ml.Data.LoadFromEnumerable(new[]
        {
            new { Label = "", Text = "You have won a prize of 1000 pounds, call now" },
            new { Label = "", Text = "Shall we have lunch at one?" },
        });
        var classified = classifier.Transform(news);
        // The scores stand in the order of the labels' keys.
        VBuffer<ReadOnlyMemory<char>> names = default;
        classified.Schema["Score"].GetSlotNames(ref names);
        string[] labels = [.. names.DenseValues().Select(n => n.ToString())];
        var predictions = classified.GetColumn<string>("Text").Zip(classified.GetColumn<float[]>("Score"))
            .SelectMany(row => labels.Zip(row.Second, (label, p) => (Message: row.First, Label: label, Probability: (double)p)))
            .ToArray();
        foreach (var (text, label, p) in predictions)
            Console.WriteLine($"{p,7:P1}  {label,-5} {text}");
        Show("text", Pictures.Bars(predictions));
        #endregion
    }
}
