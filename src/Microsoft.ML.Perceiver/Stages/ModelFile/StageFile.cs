using System.Text.Json;
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
    where TFound : class
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
        ModelEntries.WriteText(context, OptionsEntry, SavedOptions.Write(content.Options).ToJsonString());
        ModelEntries.WriteText(context, FoundEntry, JsonSerializer.Serialize(content.Found));
        ModelEntries.WriteModel(context, content.Model, content.Options.WeightsFile);
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
        MlNetInternals.CheckHeader(context, magic, signature);
        var settings = ModelEntries.ReadJson(context, OptionsEntry);
        var (options, found) = ModelEntries.Parse(() =>
        {
            var facts = ModelEntries.TryReadJson(context, FoundEntry) ?? OldSettings.Convert(settings);
            return (SavedOptions.Read<TOptions>(settings), facts.Deserialize<TFound>()!);
        });
        var device = options.ChooseDevice(environment);
        var model = ModelEntries.ReadModel(context, config => createModel(config, found), options.Precision);
        return StageContent.UseOrDispose(model, () =>
        {
            model.to(device);
            return createTransformer(new StageContent<TOptions, TFound, TModel>(this, options, found, model));
        });
    }
}
