using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>A head's model file: ML.NET's header, the settings and what was found as JSON, the configuration, and the weights.</summary>
/// <typeparam name="TOptions">The head's settings.</typeparam>
/// <typeparam name="TFound">What <c>Fit</c> found out about the data and the checkpoint.</typeparam>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <param name="magic">Eight characters that no other head has.</param>
/// <param name="signature">The loader's signature, 24 characters at most.</param>
/// <param name="createModel">Makes the model without weights.</param>
internal sealed class StageFile<TOptions, TFound, TModel>(string magic, string signature, Func<PerceiverConfig, TFound, TModel> createModel)
    where TOptions : PerceiverOptions
    where TFound : class, IFound
    where TModel : PerceiverPreTrainedModel
{
    private const string OptionsEntry = "Settings.json";
    private const string FoundEntry = "Found.json";

    /// <summary>Makes the model without weights.</summary>
    internal TModel CreateModel(PerceiverConfig config, TFound found) => createModel(config, found);

    /// <summary>Writes the file.</summary>
    internal void Write(ModelSaveContext context, StageContent<TOptions, TFound, TModel> content)
    {
        MlNetInternals.WriteHeader(context, magic, signature);
        var entries = new ModelEntryWriter(context);
        entries.WriteText(OptionsEntry, SavedOptions.Write(content.Options).ToJsonString());
        entries.WriteText(FoundEntry, JsonSerializer.Serialize(content.Found));
        ModelWeights.Write(entries, content.Model, content.Options.WeightsFile);
        entries.WriteHashes();
    }

    /// <summary>Reads the file and makes the transformer.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="context">The file.</param>
    /// <param name="createTransformer">Makes the transformer, whose the model becomes.</param>
    /// <exception cref="FormatException">The file is damaged, or the weights that it names have changed.</exception>
    /// <exception cref="FileNotFoundException">The weights that it names are not there.</exception>
    internal ITransformer Read(
        IHostEnvironment environment,
        ModelLoadContext context,
        Func<StageContent<TOptions, TFound, TModel>, ITransformer> createTransformer)
    {
        TorchRuntime.EnsureLoaded();
        MlNetInternals.CheckHeader(context, magic, signature);
        var entries = new ModelEntryReader(context);
        var settings = entries.ReadJson(OptionsEntry);
        string configText = entries.ReadText(ModelWeights.ConfigEntry);
        // Files from before what was found had an entry of its own have all in one.
        string foundEntry = entries.Has(FoundEntry) ? FoundEntry : OptionsEntry;
        var facts = foundEntry == FoundEntry
            ? entries.ReadJson(FoundEntry)
            : ModelFileErrors.In(OptionsEntry, () => OldSettings.Convert(settings));
        var options = ModelFileErrors.In(OptionsEntry, () => SavedOptions.Read<TOptions>(settings));
        var config = ModelFileErrors.In(ModelWeights.ConfigEntry, () => PerceiverConfig.FromJson(configText));
        var found = ModelFileErrors.In(foundEntry, () => ReadFound(facts, config));
        var device = options.ChooseDevice(environment);
        var model = ModelWeights.Read(
            entries,
            Create,
            options.Precision,
            options.MapWeights);
        return StageContent.UseOrDispose(model, () =>
        {
            model.to(device);
            model.PrepareForStage();
            var content = new StageContent<TOptions, TFound, TModel>(this, options, found, model);
            return ModelFileErrors.In(OptionsEntry, () => createTransformer(content));
        });

        TModel Create()
        {
            var created = ModelFileErrors.In(ModelWeights.ConfigEntry, () => createModel(config, found));
            created.IsForPrediction = device.type == DeviceType.CPU;
            return created;
        }
    }

    private static TFound ReadFound(JsonObject facts, PerceiverConfig config)
    {
        var found = facts.Deserialize<TFound>() ?? throw new FormatException("it says nothing.");
        found.Check(config);
        return found;
    }
}
