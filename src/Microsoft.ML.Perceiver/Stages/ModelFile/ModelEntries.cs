using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.Perceiver;

/// <summary>The entries of a model file: texts, and a model as its configuration and its weights or where these lie.</summary>
internal static class ModelEntries
{
    private const string ConfigEntry = CheckpointFiles.Config;
    private const string WeightsEntry = CheckpointFiles.SafeTensors;
    private const string ReferenceEntry = "weights.json";

    internal static void WriteText(ModelSaveContext context, string entry, string text) =>
        MlNetInternals.WriteStream(context, entry, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes a model.</summary>
    /// <param name="context">The model file.</param>
    /// <param name="model">The model.</param>
    /// <param name="weightsFile">As <see cref="PerceiverOptions.WeightsFile"/>.</param>
    internal static void WriteModel(ModelSaveContext context, PerceiverPreTrainedModel model, string? weightsFile)
    {
        WriteText(context, ConfigEntry, model.SavedConfig().ToJson());
        if (weightsFile is null)
            MlNetInternals.WriteStream(context, WeightsEntry, stream => model.WriteWeights(stream));
        else
            WriteText(context, ReferenceEntry, JsonSerializer.Serialize(WeightsReference.Write(weightsFile, model)));
    }

    /// <summary>Builds a model and gives it its weights.</summary>
    /// <param name="context">The model file.</param>
    /// <param name="create">Makes the model without weights.</param>
    /// <param name="precision">The precision that it computes in.</param>
    /// <exception cref="FormatException">The file is damaged, or the weights that it names have changed.</exception>
    /// <exception cref="FileNotFoundException">The weights that it names are not there.</exception>
    internal static TModel ReadModel<TModel>(ModelLoadContext context, Func<PerceiverConfig, TModel> create, PerceiverPrecision precision)
        where TModel : PerceiverPreTrainedModel
    {
        TorchRuntime.EnsureLoaded();
        string config = Parse(() => TryReadText(context, ConfigEntry)) ?? throw Missing(ConfigEntry);
        var reference = Parse(() => TryReadJson(context, ReferenceEntry)?.Deserialize<WeightsReference>());
        TModel? model = null;
        try
        {
            return Parse(() =>
            {
                if (reference is null)
                {
                    string source = $"model file, entry {WeightsEntry}";
                    MlNetInternals.ReadStream(context, WeightsEntry, stream => Load(new SafeTensorsStream(stream, source)));
                    return model!;
                }

                using var file = reference.Open();
                Load(file);
                return model!;
            });
        }
        catch
        {
            model?.Dispose();
            throw;
        }

        void Load(ITensorSource source)
        {
            model = create(PerceiverConfig.FromJson(config));
            CheckpointLoader.Load(model, source, newHead: false, seed: 0, precision);
        }
    }

    /// <summary>Reads an entry.</summary>
    /// <exception cref="FormatException">There is none of the name, or it is no JSON object.</exception>
    internal static JsonObject ReadJson(ModelLoadContext context, string entry) =>
        Parse(() => TryReadJson(context, entry)) ?? throw Missing(entry);

    /// <summary>Reads an entry; null where there is none.</summary>
    /// <exception cref="FormatException">It is no JSON object.</exception>
    internal static JsonObject? TryReadJson(ModelLoadContext context, string entry)
    {
        if (TryReadText(context, entry) is not { } text)
            return null;
        return JsonNode.Parse(text) as JsonObject
            ?? throw new FormatException($"The model file is damaged: its entry '{entry}' is no JSON object.");
    }

    /// <summary>Makes a format error of what reading a damaged file throws.</summary>
    internal static T Parse<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or EndOfStreamException or ArgumentException)
        {
            throw new FormatException($"The model file is damaged: {e.Message}", e);
        }
    }

    private static string? TryReadText(ModelLoadContext context, string entry)
    {
        string? text = null;
        MlNetInternals.TryReadStream(context, entry, stream =>
        {
            using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, leaveOpen: true);
            text = reader.ReadToEnd();
        });
        return text;
    }

    private static FormatException Missing(string entry) => new($"The model file is damaged: it has no entry '{entry}'.");
}
