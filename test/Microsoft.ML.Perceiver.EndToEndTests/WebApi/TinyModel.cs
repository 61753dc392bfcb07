using TextClassification;

namespace Microsoft.ML.Perceiver.EndToEndTests.WebApi;

/// <summary>A text classifier that trains in a second.</summary>
internal static class TinyModel
{
    /// <summary>Trains it and saves it.</summary>
    public static void Train(string path, int seed = 1)
    {
        var ml = new MLContext(seed: 1);
        MyModel.ModelInput Ham(int i) => new() { Label = "ham", Text = $"see you at {i}" };
        MyModel.ModelInput Spam(int i) => new() { Label = "spam", Text = $"win {i} pounds" };
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 16).Select(i => i % 2 == 0 ? Ham(i) : Spam(i)));
        var config = new PerceiverConfig
        {
            NumLatents = 4,
            LatentChannels = 16,
            ModelChannels = 16,
            NumSelfAttendsPerBlock = 1,
            NumSelfAttentionHeads = 2,
            NumCrossAttentionHeads = 2,
            MaxPositionEmbeddings = 64,
        };
        var training = new PerceiverTrainingOptions { Epochs = 1, BatchSize = 8, ValidationFraction = 0 };
        var model = MyModel.RetrainModel(ml, PerceiverCheckpoint.FromConfig(config, seed), training, rows);
        MyModel.SaveModel(ml, model, rows, path);
        (model as IDisposable)?.Dispose();
    }
}
