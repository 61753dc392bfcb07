using Microsoft.ML;
using Microsoft.ML.Perceiver;

namespace TextClassification;

/// <summary>A bundled data set: how it is read and split, and a model and trainings that suit it.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Examples">A file with lines to predict.</param>
/// <param name="Load">Reads its training and test rows.</param>
/// <param name="Config">The model, which starts from random weights.</param>
/// <param name="Pretraining">How the model first learns to fill masks in the training texts, without their labels; null for not at all.</param>
/// <param name="Training">How it then learns the labels.</param>
internal sealed record DataSet(
    string Name,
    string Examples,
    Func<MLContext, (IDataView Train, IDataView Test)> Load,
    PerceiverConfig Config,
    PerceiverTrainingOptions? Pretraining,
    PerceiverTrainingOptions Training)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Data");

    public static DataSet Find(string name) => name switch
    {
        "sms-spam" => new DataSet(name, Path.Combine(Folder, "examples.txt"), LoadSmsSpam, PerceiverPresets.SmallText, Pretraining: null, new PerceiverTrainingOptions
        {
            Epochs = 10,
            BatchSize = 32,
            LearningRate = 1e-3,
            WeightDecay = 0.1,
            TokenDropout = 0.2,
            LabelSmoothing = 0.05,
            WeightAverageDecay = 0.995,
        }),
        "banking77" => new DataSet(
            name,
            Path.Combine(Folder, "banking77", "examples.txt"),
            LoadBanking77,
            PerceiverPresets.SmallText with { NumLatents = 16, ModelChannels = 96, NumSelfAttendsPerBlock = 1, InitializerRange = 0.15, AttentionDropout = 0 },
            new PerceiverTrainingOptions
            {
                Epochs = 40,
                BatchSize = 32,
                LearningRate = 3e-3,
                ValidationFraction = 0.05,
            },
            new PerceiverTrainingOptions
            {
                Epochs = 22,
                BatchSize = 16,
                LearningRate = 3e-3,
                WeightDecay = 0.05,
                TokenDropout = 0.15,
                WeightAverageDecay = 0.998,
            }),
        _ => throw new ArgumentException($"There is no data set '{name}'; there are sms-spam and banking77."),
    };

    private static (IDataView, IDataView) LoadSmsSpam(MLContext ml)
    {
        var split = ml.Data.TrainTestSplit(MyModel.LoadIDataViewFromFile(ml, MyModel.RetrainFilePath), testFraction: 0.2, seed: 1);
        return (split.TrainSet, split.TestSet);
    }

    private static (IDataView, IDataView) LoadBanking77(MLContext ml) => (LoadCsv(ml, "train.csv"), LoadCsv(ml, "test.csv"));

    private static IDataView LoadCsv(MLContext ml, string file) =>
        MyModel.LoadIDataViewFromFile(ml, Path.Combine(Folder, "banking77", file), ',', hasHeader: true, allowQuoting: true, labelIndex: 1, textIndex: 0);
}
