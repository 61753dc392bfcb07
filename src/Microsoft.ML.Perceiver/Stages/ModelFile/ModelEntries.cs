using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>What the stages keep in a model file: settings as JSON, the configuration, and the weights as safetensors or where they lie.</summary>
internal static class ModelEntries
{
    private const string SettingsEntry = "Settings.json";
    private const string ConfigEntry = "config.json";
    private const string WeightsEntry = CheckpointFiles.SafeTensors;
    private const string ReferenceEntry = "weights.json";

    /// <summary>Writes them.</summary>
    /// <param name="context">The model file.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="weightsFile">As <see cref="PerceiverOptions.WeightsFile"/>.</param>
    /// <param name="model">The model.</param>
    internal static void Write<TSettings>(ModelSaveContext context, TSettings settings, string? weightsFile, PerceiverPreTrainedModel model)
    {
        MlNetInternals.WriteStream(context, SettingsEntry, stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(settings)));
        MlNetInternals.WriteStream(context, ConfigEntry, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(model.SavedConfig().ToJson())));
        if (weightsFile is null)
        {
            MlNetInternals.WriteStream(context, WeightsEntry, stream => model.WriteWeights(stream));
            return;
        }

        var reference = WeightsReference.Write(weightsFile, model);
        MlNetInternals.WriteStream(context, ReferenceEntry, stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(reference)));
    }

    /// <summary>Reads the settings and builds the model with its weights.</summary>
    /// <exception cref="FormatException">The file is damaged, or the weights that it names have changed.</exception>
    /// <exception cref="FileNotFoundException">The weights that it names are not there.</exception>
    internal static (TSettings Settings, TModel Model) Read<TSettings, TModel>(ModelLoadContext context, Func<TSettings, PerceiverConfig, TModel> create)
        where TSettings : class, IStageSettings
        where TModel : PerceiverPreTrainedModel
    {
        var settings = ReadJson<TSettings>(context, SettingsEntry)
            ?? throw new FormatException($"The model file is damaged: it has no entry '{SettingsEntry}'.");
        string json = "";
        MlNetInternals.ReadStream(context, ConfigEntry, stream => json = ReadText(stream));
        TModel? model = null;
        try
        {
            TorchRuntime.EnsureLoaded();
            if (ReadJson<WeightsReference>(context, ReferenceEntry) is { } reference)
            {
                using var file = reference.Open();
                Fill(file);
            }
            else
            {
                MlNetInternals.ReadStream(context, WeightsEntry, stream => Fill(new SafeTensorsStream(stream, $"model file, entry {WeightsEntry}")));
            }

            return (settings, model!);
        }
        catch (Exception e)
        {
            model?.Dispose();
            if (e is InvalidDataException or EndOfStreamException or ArgumentException)
                throw new FormatException($"The model file is damaged: {e.Message}", e);
            throw;
        }

        void Fill(ITensorSource source)
        {
            model = create(settings, PerceiverConfig.FromJson(json));
            CheckpointLoader.Load(model, source, newHead: false, seed: 0, settings.Precision);
        }
    }

    // Null where there is no such entry.
    private static T? ReadJson<T>(ModelLoadContext context, string entry)
        where T : class
    {
        T? value = null;
        try
        {
            return MlNetInternals.TryReadStream(context, entry, stream => value = JsonSerializer.Deserialize<T>(ReadText(stream)))
                ? value ?? throw new FormatException($"The model file is damaged: its entry '{entry}' is empty.")
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException)
        {
            throw new FormatException($"The model file is damaged: its entry '{entry}' cannot be read: {e.Message}", e);
        }
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream, System.Text.Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return reader.ReadToEnd();
    }
}
