using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>The model file of a stage without a model: its settings as JSON, with their hash.</summary>
/// <typeparam name="TSettings">The settings.</typeparam>
/// <param name="magic">Eight characters that no other stage has.</param>
/// <param name="signature">The name that ML.NET finds the loader by, 24 characters at most.</param>
internal sealed class RowStageFile<TSettings>(string magic, string signature)
    where TSettings : class
{
    private const string SettingsEntry = "Settings.json";

    internal void Write(ModelSaveContext context, TSettings settings)
    {
        MlNetInternals.WriteHeader(context, magic, signature);
        var entries = new ModelEntryWriter(context);
        entries.WriteText(SettingsEntry, JsonSerializer.Serialize(settings));
        entries.WriteHashes();
    }

    /// <summary>Reads the settings, and makes the transformer, which checks them.</summary>
    /// <exception cref="FormatException">The file is damaged, or a setting cannot be what was saved.</exception>
    internal ITransformer Read(ModelLoadContext context, Func<TSettings, ITransformer> create)
    {
        MlNetInternals.CheckHeader(context, magic, signature);
        string text = new ModelEntryReader(context).ReadText(SettingsEntry);
        return ModelFileErrors.In(
            SettingsEntry, () => create(JsonSerializer.Deserialize<TSettings>(text) ?? throw new JsonException("It is no JSON object.")));
    }
}
