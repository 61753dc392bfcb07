using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverImageLoadingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver image loading", PerceiverImageLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Reads image files. See <see cref="PerceiverImageLoadingEstimator"/>.</summary>
public sealed class PerceiverImageLoadingTransformer : ITransformer
{
    internal const string LoaderSignature = "PerceiverLoadImages";
    private const string Magic = "PCVRIMGS", SettingsEntry = "Settings.json";

    private readonly ImageLoadingSettings _settings;
    private readonly ImageLoadingStage _stage;
    private readonly ModelAccess _access;

    internal PerceiverImageLoadingTransformer(IHostEnvironment environment, ImageLoadingSettings settings)
    {
        var host = environment.Register(GetType().Name);
        _settings = settings;
        _stage = new ImageLoadingStage(settings);
        _access = new ModelAccess(this, () => { }) { IsCancelled = () => MlNetInternals.IsCancelled(host) };
    }

    /// <summary>Always true: each row's image depends on that row alone.</summary>
    public bool IsRowToRowMapper => true;

    /// <summary>The schema that <see cref="Transform"/> gives for one.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <returns>The schema of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _stage.Inputs[0].In(inputSchema);
        return OutputColumn.AddTo(inputSchema, _stage.Outputs);
    }

    /// <summary>Adds the column of images. A file is read when its row's image is.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The data with the column of images.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _stage.Transform(input, _access);
    }

    /// <summary>The mapper that prediction engines use.</summary>
    /// <param name="inputSchema">The input's schema.</param>
    /// <returns>The mapper.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _stage.CreateMapper(inputSchema, _access, _ => { });
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        MlNetInternals.WriteHeader(ctx, Magic, LoaderSignature);
        var entries = new ModelEntryWriter(ctx);
        entries.WriteText(SettingsEntry, JsonSerializer.Serialize(_settings));
        entries.WriteHashes();
    }

    // ML.NET finds it by its name and its parameters.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MlNetInternals.CheckHeader(ctx, Magic, LoaderSignature);
        string text = new ModelEntryReader(ctx).ReadText(SettingsEntry);
        return ModelFileErrors.In<ITransformer>(SettingsEntry, () =>
        {
            var settings = JsonSerializer.Deserialize<ImageLoadingSettings>(text);
            return settings is not null && settings.InputColumnName is { Length: > 0 } && settings.OutputColumnName is { Length: > 0 }
                ? new PerceiverImageLoadingTransformer(env, settings)
                : throw new JsonException("It names no columns.");
        });
    }
}
