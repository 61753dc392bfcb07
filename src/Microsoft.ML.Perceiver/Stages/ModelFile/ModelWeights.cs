using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>A model in a model file: its configuration, and its weights or where these lie.</summary>
internal static class ModelWeights
{
    internal const string ConfigEntry = CheckpointFiles.Config;

    private const string WeightsEntry = CheckpointFiles.SafeTensors;
    private const string ReferenceEntry = "weights.json";

    /// <summary>Writes a model.</summary>
    /// <param name="entries">The model file.</param>
    /// <param name="model">The model.</param>
    /// <param name="weightsFile">As <see cref="PerceiverOptions.WeightsFile"/>.</param>
    internal static void Write(ModelEntryWriter entries, PerceiverPreTrainedModel model, string? weightsFile)
    {
        entries.WriteText(ConfigEntry, model.SavedConfig().ToJson());
        if (weightsFile is null)
            entries.Write(WeightsEntry, stream => model.WriteWeights(stream));
        else
            entries.WriteText(ReferenceEntry, JsonSerializer.Serialize(WeightsReference.Write(weightsFile, model)));
    }

    /// <summary>Makes a model and gives it its weights.</summary>
    /// <param name="entries">The model file.</param>
    /// <param name="create">Makes the model without weights.</param>
    /// <param name="precision">The precision that it computes in.</param>
    /// <param name="isMapped">As <see cref="PerceiverOptions.MapWeights"/>.</param>
    /// <exception cref="FormatException">The file is damaged, or the weights that it names have changed.</exception>
    /// <exception cref="FileNotFoundException">The weights that it names are not there.</exception>
    internal static TModel Read<TModel>(ModelEntryReader entries, Func<TModel> create, PerceiverPrecision precision, bool isMapped)
        where TModel : PerceiverPreTrainedModel
    {
        if (!entries.Has(ReferenceEntry))
            return entries.Read(WeightsEntry, stream => Load(new SafeTensorsStream(stream, length: null, WeightsEntry)));
        var json = entries.ReadJson(ReferenceEntry);
        var reference = ModelFileErrors.In(ReferenceEntry, () => json.Deserialize<WeightsReference>()!.Checked());
        return reference.Read(entries.Folder, isMapped, Load);

        TModel Load(ITensorSource source)
        {
            var model = create();
            return StageContent.UseOrDispose(model, () =>
            {
                CheckpointLoader.Load(model, source, newHead: false, seed: 0, precision);
                return model;
            });
        }
    }
}
