using Microsoft.ML.Perceiver;

namespace OnnxSample;

/// <summary>What heads are made of.</summary>
internal static class BundledModel
{
    /// <summary>Loads a bundled model, in float32, for inference.</summary>
    public static PerceiverPreTrainedModel Load(string name)
    {
        var (model, _) = PerceiverCheckpoint.Bundled(name).Load(config => PerceiverModels.Create(config, initialize: false));
        model.eval();
        return model;
    }

    /// <summary>A file or folder of the sample's data.</summary>
    public static string DataPath(params string[] names) => Path.Combine([AppContext.BaseDirectory, "Data", .. names]);
}
