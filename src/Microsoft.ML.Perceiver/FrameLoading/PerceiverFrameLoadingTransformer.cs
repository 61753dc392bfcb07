using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(ITransformer), typeof(PerceiverFrameLoadingTransformer), null, typeof(SignatureLoadModel),
    "Perceiver frame loading", PerceiverFrameLoadingTransformer.LoaderSignature)]

namespace Microsoft.ML.Perceiver;

/// <summary>Reads the frames of films. See <see cref="PerceiverFrameLoadingEstimator"/>.</summary>
public sealed class PerceiverFrameLoadingTransformer : ITransformer
{
    internal const string LoaderSignature = "PerceiverLoadFrames";
    private const string Magic = "PCVRFRMS", SettingsEntry = "Settings.json";

    private readonly PerceiverFrameLoadingOptions _options;
    private readonly FrameLoadingStage _stage;
    private readonly ModelAccess _access;

    internal PerceiverFrameLoadingTransformer(IHostEnvironment environment, PerceiverFrameLoadingOptions options)
    {
        var host = environment.Register(GetType().Name);
        _options = options;
        _stage = new FrameLoadingStage(options);
        _access = new ModelAccess(this, () => { }) { IsCancelled = () => MlNetInternals.IsCancelled(host) };
    }

    /// <summary>Always true: each row's film depends on that row alone.</summary>
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

    /// <summary>Adds the column of films. The files are read when the row's film is.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The data with the column of films.</returns>
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
        entries.WriteText(SettingsEntry, JsonSerializer.Serialize(_options));
        entries.WriteHashes();
    }

    // ML.NET finds it by its name and its parameters.
    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        MlNetInternals.CheckHeader(ctx, Magic, LoaderSignature);
        string text = new ModelEntryReader(ctx).ReadText(SettingsEntry);
        return ModelFileErrors.In<ITransformer>(SettingsEntry, () =>
        {
            var options = JsonSerializer.Deserialize<PerceiverFrameLoadingOptions>(text) ?? throw new JsonException("It has no settings.");
            options.Check();
            return new PerceiverFrameLoadingTransformer(env, options);
        });
    }
}
