using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts into the latents of a Perceiver: numbers that any ML.NET trainer can learn from.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverFeatures](xref:Microsoft.ML.PerceiverCatalog.PerceiverFeatures(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverFeaturesOptions)).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text |
/// | `OutputColumnName` | vector of Single | the mean latent (`d_latents` numbers), or all latents one after the other (`num_latents` times as many) |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | text |
/// | Output column data type | vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// The checkpoint may be of any text head: its encoder is used (Hugging Face's `PerceiverModel` with a `PerceiverTextPreprocessor`), its decoder
/// is left out.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverFeaturesEstimator : IEstimator<PerceiverFeaturesTransformer>
{
    private readonly IHost _host;
    private readonly PerceiverFeaturesOptions _options;

    internal PerceiverFeaturesEstimator(IHostEnvironment environment, PerceiverFeaturesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _host = environment.Register(nameof(PerceiverFeaturesEstimator));
        _options = options.Copy<PerceiverFeaturesOptions>();
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in _options.Inputs)
            input.CheckIn(inputSchema);
        return OutputColumn.AddTo(inputSchema, FeaturesStage.OutputsOf(_options.OutputColumnName, _options.Kind, _options.Checkpoint!.Config));
    }

    /// <summary>Loads the checkpoint; only the schema of the data is looked at.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    public PerceiverFeaturesTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in _options.Inputs)
            column.In(input.Schema);
        var checkpoint = _options.Checkpoint!;
        int limit = _options.LengthLimit(checkpoint.Config);
        PerceiverOptions.Choose(_options.Device, _host);
        // The checkpoint's own head is left out, whatever it is; all of the encoder must be there.
        var (model, report) = checkpoint.Load(PerceiverFeaturesTransformer.CreateModel, newHead: true);
        CheckpointLog.Write(_host, checkpoint, report);
        var settings = new FeaturesSettings(_options, limit);
        return new PerceiverFeaturesTransformer(_host, new TextModel<PerceiverModel>(_host, model, settings, _options.Device), settings);
    }
}
