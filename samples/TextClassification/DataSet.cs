using Microsoft.ML;
using Microsoft.ML.Perceiver;

namespace TextClassification;

/// <summary>A bundled data set: how it is read and split, and a model that suits it.</summary>
internal sealed record DataSet(
    string Name, string Examples, Func<MLContext, (IDataView Train, IDataView Test)> Load, PerceiverConfig Config, PerceiverTrainingOptions Training)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Data");

    public static DataSet Find(string name) => name switch
    {
        "sms-spam" => new DataSet(name, Path.Combine(Folder, "examples.txt"), LoadSmsSpam, PerceiverPresets.SmallText, new PerceiverTrainingOptions
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
                Epochs = 35,
                BatchSize = 16,
                LearningRate = 3e-3,
                WeightDecay = 0.05,
                TokenDropout = 0.1,
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
