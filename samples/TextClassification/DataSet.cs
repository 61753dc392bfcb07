using Microsoft.ML;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace TextClassification;

/// <summary>A bundled data set: how it is read and split, and trainings that suit it.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Examples">A file with lines to predict.</param>
/// <param name="Load">Reads its training and test rows.</param>
/// <param name="Scratch">A training that starts from random weights.</param>
/// <param name="Language">A training that starts from the bundled language model.</param>
internal sealed record DataSet(
    string Name, string Examples, Func<MLContext, (IDataView Train, IDataView Test)> Load, Start Scratch, Start Language)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Data");

    /// <summary>The start of a name.</summary>
    /// <exception cref="ArgumentException">There is none of the name.</exception>
    public Start From(string name) => name switch
    {
        "sentence" => new Start(null, null, PerceiverPresets.TextFineTuning),
        "mini" => Language,
        "scratch" => Scratch,
        _ => throw new ArgumentException($"A model starts from sentence, mini or scratch, not from '{name}'."),
    };

    /// <summary>The data set of a name.</summary>
    /// <exception cref="ArgumentException">There is none of the name.</exception>
    public static DataSet Find(string name) => name switch
    {
        "sms-spam" => new DataSet(
            name,
            Path.Combine(Folder, "examples.txt"),
            LoadSmsSpam,
            FromScratch(PerceiverPresets.SmallText, null, PerceiverPresets.TextTraining),
            FromMini(epochs: 3)),
        "banking77" => new DataSet(
            name,
            Path.Combine(Folder, "banking77", "examples.txt"),
            ml => (LoadCsv(ml, "train.csv"), LoadCsv(ml, "test.csv")),
            FromScratch(
                BankingConfig,
                new PerceiverTrainingOptions { Epochs = 40, BatchSize = 32, LearningRate = 3e-3, ValidationFraction = 0.05 },
                BankingTraining),
            FromMini(epochs: 8)),
        "movie-review-polarity" => new DataSet(
            name,
            Path.Combine(Folder, "movie-review-polarity", "examples.txt"),
            LoadMovieReviews,
            FromScratch(PerceiverPresets.SmallText, null, PerceiverPresets.TextTraining with { Epochs = 10 }),
            FromMini(epochs: 4, SmallSteps)),
        _ => throw new ArgumentException($"There is no data set '{name}'; there are sms-spam, banking77 and movie-review-polarity."),
    };

    /// <summary>Some training rows of each label.</summary>
    /// <param name="mlContext">The common context for all ML.NET operations.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="count">Rows of a label.</param>
    /// <param name="seed">The seed that chooses them.</param>
    public static IDataView Few(MLContext mlContext, IDataView rows, int count, int seed)
    {
        MyModel.ModelInput[] all = [.. MyModel.ReadRows(rows)];
        new Random(seed).Shuffle(all);
        return mlContext.Data.LoadFromEnumerable(all.GroupBy(r => r.Label).SelectMany(g => g.Take(count)).ToArray());
    }

    private static PerceiverConfig BankingConfig { get; } = PerceiverPresets.SmallText with
    {
        NumLatents = 16,
        ModelChannels = 96,
        NumSelfAttendsPerBlock = 1,
        InitializerRange = 0.15,
        AttentionDropout = 0,
    };

    private static PerceiverTrainingOptions BankingTraining { get; } = new()
    {
        Epochs = 22,
        BatchSize = 16,
        LearningRate = 3e-3,
        WeightDecay = 0.05,
        TokenDropout = 0.15,
        WeightAverageDecay = 0.998,
    };

    private static Start FromScratch(PerceiverConfig config, PerceiverTrainingOptions? pretraining, PerceiverTrainingOptions training) =>
        new(() => PerceiverCheckpoint.FromConfig(config, seed: 1), pretraining, training);

    // Where labels say little, large steps lose what the language model knows before its new head has found it.
    private static PerceiverTrainingOptions SmallSteps(PerceiverTrainingOptions training) => training with { LearningRate = 1e-4 };

    private static Start FromMini(int epochs, Func<PerceiverTrainingOptions, PerceiverTrainingOptions>? change = null)
    {
        var training = FineTuning(epochs);
        return new(() => PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage), null, change?.Invoke(training) ?? training);
    }

    private static PerceiverTrainingOptions FineTuning(int epochs) => new()
    {
        Epochs = epochs,
        BatchSize = 16,
        LearningRate = 5e-4,
        WeightDecay = 0.05,
        TokenDropout = 0.1,
        WeightAverageDecay = 0.995,
        Precision = PerceiverPrecisions.Fastest(),
    };

    private static (IDataView, IDataView) LoadSmsSpam(MLContext ml)
    {
        var split = ml.Data.TrainTestSplit(MyModel.LoadIDataViewFromFile(ml, MyModel.RetrainFilePath), testFraction: 0.2, seed: 1);
        return (split.TrainSet, split.TestSet);
    }

    private static IDataView LoadCsv(MLContext ml, string file) =>
        MyModel.LoadIDataViewFromFile(
            ml, Path.Combine(Folder, "banking77", file), ',', hasHeader: true, allowQuoting: true, labelIndex: 1, textIndex: 0);

    // A sentence a line, a file a label, and no split of the authors': every tenth line is for testing.
    private static (IDataView, IDataView) LoadMovieReviews(MLContext ml)
    {
        var rows = new[] { ("negative", "rt-polarity.neg"), ("positive", "rt-polarity.pos") }
            .SelectMany(f => File.ReadLines(Path.Combine(Folder, "movie-review-polarity", f.Item2))
                .Select((line, i) => (IsTest: i % 10 == 9, Row: new MyModel.ModelInput { Label = f.Item1, Text = line })))
            .ToLookup(r => r.IsTest, r => r.Row);
        return (ml.Data.LoadFromEnumerable(rows[false]), ml.Data.LoadFromEnumerable(rows[true]));
    }
}
