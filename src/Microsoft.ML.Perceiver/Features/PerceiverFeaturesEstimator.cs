using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns texts, or images, into the latents of a Perceiver: numbers that any ML.NET trainer can learn from.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverFeatures](xref:Microsoft.ML.PerceiverCatalog.PerceiverFeatures*).
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; not read where `ImageColumnName` is set |
/// | `ImageColumnName` | MLImage, or a vector of Single or Byte | the image, its pixels, or its file (`LoadRawImageBytes`) |
/// | `OutputColumnName` | vector of Single | the mean latent (`d_latents` numbers), or all latents (`num_latents` times as many) |
///
/// ### Estimator Characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | text, MLImage, vector of Single or Byte |
/// | Output column data type | vector of Single |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// The checkpoint may be of any text head, or of any image classifier: its encoder is used (Hugging Face's `PerceiverModel` with a
/// `PerceiverTextPreprocessor` or a `PerceiverImagePreprocessor`), its decoder is left out.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverFeaturesEstimator : PerceiverEstimator<PerceiverFeaturesTransformer, PerceiverFeaturesOptions>
{
    internal PerceiverFeaturesEstimator(IHostEnvironment environment, PerceiverFeaturesOptions options) : base(environment, options)
    {
    }

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) =>
        new FeaturesColumn(Options, Options.Checkpoint!.Config).Outputs;

    private protected override PerceiverFeaturesTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.Checkpoint!;
        // The checkpoint's own head is left out, whatever it is; all of the encoder must be there.
        return Fit(
            PerceiverFeaturesTransformer.File,
            checkpoint,
            FindOut(checkpoint),
            _ => throw new InvalidOperationException("Features are not trained."),
            content => new PerceiverFeaturesTransformer(Host, content),
            newHead: true);
    }

    private FeaturesFound FindOut(PerceiverCheckpoint checkpoint)
    {
        var config = checkpoint.Config;
        if (Options.ImageColumnName is null)
            return new FeaturesFound(Options.LengthLimit(checkpoint));
        if (HeadNames.ImagesOf(config) is not { } head)
        {
            throw new ArgumentException(
                $"The checkpoint {checkpoint.Source} reads no images: its architecture is {config.Architectures?[0] ?? "not given"}.");
        }

        var processor = ((IImageOptions)Options).ProcessorFor(checkpoint, config with { Architectures = [head] });
        return new FeaturesFound(ImageProcessor: processor.ToJson(), Architecture: head);
    }
}
