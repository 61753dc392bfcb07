using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies images, or gives them numbers, with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverImageClassification](xref:Microsoft.ML.PerceiverCatalog.PerceiverImageClassification*)
/// with a checkpoint, or one of the `PerceiverImage` trainers to learn from the data.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `ImageColumnName` | MLImage, or a vector of Single or Byte | the image, its pixels, or its file (`LoadRawImageBytes`) |
/// | `LabelColumnName` | key; Boolean; Single; vector of either | read by training: classes, two classes, a number, several labels |
/// | `ScoreColumnName` | vector of Single; one Single | probabilities, or numbers; of Boolean labels the log of the odds of true |
/// | `ProbabilityColumnName` | Single | of Boolean labels: the probability of true |
/// | `PredictedLabelColumnName` | key; Boolean; vector of Boolean | the most probable label, or all of 0.5 and more |
/// | `AttentionColumnName` | vector of Single, where it is named | rows x columns: a weight for each place that the model reads |
/// | `TopLabelsColumnName`, `TopScoresColumnName` | vectors of text and of Single | with `TopK` set: the most probable labels, ranked |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Binary and multiclass classification, regression, multi-label classification |
/// | Is normalization required? | No, the image processor normalises |
/// | Is caching required? | No, training keeps the resized images as bytes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// The model is one of Hugging Face's `PerceiverForImageClassificationLearned`, `-Fourier` and `-ConvProcessing` behind its
/// `PerceiverImageProcessor` (A. Jaegle et al., Perceiver IO, ICLR 2022). The images of the next batch are read and resized while a batch
/// is scored.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverImageClassificationEstimator
    : PerceiverEstimator<PerceiverImageClassificationTransformer, PerceiverImageClassificationOptions>
{
    private readonly ClassificationTask<PerceiverImageClassificationOptions> _task;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trainedFor">The one kind of labels that a trainer's catalog allows; null for any.</param>
    internal PerceiverImageClassificationEstimator(
        IHostEnvironment environment, PerceiverImageClassificationOptions options, LabelKind? trainedFor = null)
        : base(environment, options, trainedFor is null ? null : new PerceiverTrainingOptions()) =>
        _task = new ClassificationTask<PerceiverImageClassificationOptions>(Options, trainedFor);

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallImage);
        var config = Options.WithHead(checkpoint.Config);
        var processor = ((IImageOptions)Options).ProcessorFor(checkpoint, config);
        return [.. _task.OutputsFor(inputSchema), .. ImageClassificationStage.AttentionOf(Options, config, processor)];
    }

    private protected override PerceiverImageClassificationTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallImage);
        var target = _task.TargetIn(input.Schema, Options.WithHead(checkpoint.Config));
        IImageOptions images = Options;
        var processor = images.ProcessorFor(checkpoint, target.Config);
        return Fit(
            PerceiverImageClassificationTransformer.File,
            checkpoint,
            new ImageClassificationFound(processor.ToJson(), target.Problem, target.Labels, target.IsBinary),
            training =>
            {
                var reader = images.CreateReader();
                var examples = new PerceiverImageExampleReader(processor);
                // Resized at once, so that no more than the model's pixels are kept of an image.
                var (train, validation) = _task.Read(
                    input,
                    target.Label!,
                    (row, columns) => reader.CreateReader(row, columns[0], image => examples.Read(image, [])),
                    (example, label) => example.WithTarget(label));
                var sampling = images.ForExamples(processor, input.Schema[images.ImageColumnName].Type);
                return model => new PerceiverImageClassificationObjective(
                    model, target.Problem, [.. train], [.. validation], sampling, training, Options.Augmentation);
            },
            content => new PerceiverImageClassificationTransformer(Host, content),
            target.Config,
            target.HasNewHead);
    }
}
