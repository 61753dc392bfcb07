using System.Text.Json;

namespace Microsoft.ML.Perceiver;

/// <summary>What the stages keep in a model file: settings as JSON, the configuration, and the weights as safetensors.</summary>
internal static class ModelEntries
{
    private const string SettingsEntry = "Settings.json";
    private const string ConfigEntry = "config.json";
    private const string WeightsEntry = PerceiverPreTrainedModel.WeightsName;

    internal static void Write<TSettings>(ModelSaveContext context, TSettings settings, PerceiverPreTrainedModel model)
    {
        MlNetInternals.WriteStream(context, SettingsEntry, stream => stream.Write(JsonSerializer.SerializeToUtf8Bytes(settings)));
        MlNetInternals.WriteStream(context, ConfigEntry, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(model.SavedConfig().ToJson())));
        MlNetInternals.WriteStream(context, WeightsEntry, stream => SafeTensorsWriter.Write(stream, model.state_dict()));
    }

    /// <summary>Reads the settings and builds the model with its weights.</summary>
    /// <exception cref="FormatException">The file is damaged.</exception>
    internal static (TSettings Settings, TModel Model) Read<TSettings, TModel>(ModelLoadContext context, Func<TSettings, PerceiverConfig, TModel> create)
        where TSettings : class
        where TModel : PerceiverPreTrainedModel
    {
        var settings = ReadJson<TSettings>(context);
        string json = "";
        MlNetInternals.ReadStream(context, ConfigEntry, stream => json = ReadText(stream));
        TModel? model = null;
        try
        {
            MlNetInternals.ReadStream(context, WeightsEntry, stream =>
            {
                TorchRuntime.EnsureLoaded();
                var source = new SafeTensorsStream(stream, $"model file, entry {WeightsEntry}");
                model = create(settings, PerceiverConfig.FromJson(json));
                CheckpointLoader.Load(model, source, newHead: false, seed: 0, model.Config.InitializerRange);
            });
            return (settings, model!);
        }
        catch (Exception e)
        {
            model?.Dispose();
            if (e is InvalidDataException or EndOfStreamException or ArgumentException)
                throw new FormatException($"The model file is damaged: {e.Message}", e);
            throw;
        }
    }

    private static TSettings ReadJson<TSettings>(ModelLoadContext context)
        where TSettings : class
    {
        TSettings? settings = null;
        try
        {
            MlNetInternals.ReadStream(context, SettingsEntry, stream => settings = JsonSerializer.Deserialize<TSettings>(ReadText(stream)));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException)
        {
            throw new FormatException($"The model file is damaged: its settings cannot be read: {e.Message}", e);
        }

        return settings ?? throw new FormatException("The model file is damaged: its settings are empty.");
    }

    private static string ReadText(Stream stream)
    {
        using var reader = new StreamReader(stream, System.Text.Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        return reader.ReadToEnd();
    }
}
