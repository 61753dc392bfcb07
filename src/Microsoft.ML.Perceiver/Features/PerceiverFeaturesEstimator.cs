using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts, or pictures, into the latents of a Perceiver: numbers that any ML.NET trainer can learn from.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverFeatures](xref:Microsoft.ML.PerceiverCatalog.PerceiverFeatures(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverFeaturesOptions)).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; not read where `ImageColumnName` is set |
/// | `ImageColumnName` | MLImage, or a known-size vector of Single or Byte | the picture, of any size; or its pixels, from 0 to 255 |
/// | `OutputColumnName` | vector of Single | the mean latent (`d_latents` numbers), or all latents one after the other (`num_latents` times as many) |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | text, MLImage, vector of Single or Byte |
/// | Output column data type | vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// The checkpoint may be of any text head, or of any image classifier: its encoder is used (Hugging Face's `PerceiverModel` with a
/// `PerceiverTextPreprocessor` or a `PerceiverImagePreprocessor`), its decoder is left out.
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
        return OutputColumn.AddTo(inputSchema, [new FeaturesColumn(_options.OutputColumnName, _options.Kind, _options.Checkpoint!.Config).Output]);
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
        var settings = SettingsFor(checkpoint);
        PerceiverOptions.Choose(_options.Device, _host);
        // The checkpoint's own head is left out, whatever it is; all of the encoder must be there.
        var (model, report) = checkpoint.Load(c => PerceiverFeaturesTransformer.CreateModel(settings, c), newHead: true, precision: _options.Precision);
        CheckpointLog.Write(_host, checkpoint, report);
        return new PerceiverFeaturesTransformer(_host, model, settings, _options.Device);
    }

    private FeaturesSettings SettingsFor(PerceiverCheckpoint checkpoint)
    {
        var settings = new FeaturesSettings { OutputColumnName = _options.OutputColumnName, Kind = _options.Kind };
        if (_options.Image is not { } image)
        {
            if (ImageArchitectures.Has(checkpoint.Config))
                throw new ArgumentException($"The checkpoint {checkpoint.Source} reads pictures; set {nameof(PerceiverFeaturesOptions.ImageColumnName)}.");
            return settings with { Text = new TextFeaturesSettings(_options, _options.LengthLimit(checkpoint.Config)) };
        }

        if (!ImageArchitectures.Has(checkpoint.Config))
            throw new ArgumentException($"The checkpoint {checkpoint.Source} reads no pictures: its architecture is {checkpoint.Config.Architectures?[0] ?? "not given"}.");
        var processor = image.ProcessorFor(checkpoint);
        ImageArchitectures.CheckSize(checkpoint.Config, processor, image.InterpolatePositions);
        return settings with { Image = new ImageFeaturesSettings(image, processor, checkpoint.Config.Architectures![0]) };
    }
}
