using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Finds objects in images, with their labels and places, with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverObjectDetection](xref:Microsoft.ML.PerceiverCatalog.PerceiverObjectDetection*), of the transforms with a checkpoint, or of the
/// trainers of multiclass classification to learn from the data.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `ImageColumnName` | MLImage, or a vector of Single or Byte | the image, its pixels, or its file (`LoadRawImageBytes`) |
/// | `LabelColumnName` | vector of keys | read by training only: the label of each object |
/// | `BoundingBoxColumnName` | vector of Single | read by training only: left, top, right and bottom edge of each object, in pixels |
/// | `PredictedLabelColumnName` | vector of keys | the label of each object that was found, the most probable first |
/// | `PredictedBoundingBoxColumnName` | vector of Single | left, top, right and bottom edge of each, in pixels of the image |
/// | `ScoreColumnName` | vector of Single | the probability of each label |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Object detection |
/// | Is normalization required? | No, the image processor normalises |
/// | Is caching required? | No, training keeps the resized images as bytes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// The image is cut and resized as the image processor says. Each of the model's queries gives a box, a probability for each label and one
/// for no object; boxes below `ScoreThreshold` and repetitions (`IouThreshold`) are left out. The boxes are those of the image as it came.
///
/// ### Training
/// The set loss of DETR (N. Carion et al. 2020): the objects of an image are matched with queries one to one, by the Hungarian algorithm.
/// Boxes go with the image's crop, size and augmentation; an object of which less than a quarter is left is none. Where no image processor
/// is named and the checkpoint is of a classifier, the whole image is resized instead of its middle. Weights may come from
/// `PerceiverForImageClassificationConvProcessing`, whose preprocessor and encoder the model has.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverObjectDetectionEstimator
    : PerceiverEstimator<PerceiverObjectDetectionTransformer, PerceiverObjectDetectionOptions>
{
    internal PerceiverObjectDetectionEstimator(
        IHostEnvironment environment, PerceiverObjectDetectionOptions options, PerceiverTrainingOptions? defaultTraining = null)
        : base(environment, options, defaultTraining)
    {
    }

    private protected override IReadOnlyList<InputColumn> LabelInputs =>
    [
        InputColumn.Keys(Options.LabelColumnName),
        new InputColumn(Options.BoundingBoxColumnName, new InputType(NumberDataViewType.Single, IsVector: true)),
    ];

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) => ObjectDetectionStage.OutputsOf(
        Options, Options.Training is null ? LabelSet.Of(Options.Checkpoint!.Config) : LabelSet.Unknown);

    private protected override PerceiverObjectDetectionTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallDetection, PerceiverInitialization.LocalImage);
        var labels = Options.Training is null
            ? LabelSet.Of(checkpoint.Config)
            : LabelSet.FromKeyColumn(input.Schema[Options.LabelColumnName]);
        var config = ConfigFor(checkpoint.Config, labels);
        var processor = ProcessorFor(checkpoint, config);
        return Fit(
            PerceiverObjectDetectionTransformer.File,
            checkpoint,
            new ObjectDetectionFound(processor.ToJson(), labels),
            training =>
            {
                var rows = new ObjectRows(Options, processor, labels, PerceiverForObjectDetection.QueriesOf(config));
                var (train, validation) = TrainingRows.ReadAndSplit(input, Options, view => Read(view, rows, labels));
                var sampling = ((IImageOptions)Options).ForExamples(processor, input.Schema[Options.ImageColumnName].Type);
                return model => new PerceiverObjectDetectionObjective(
                    model, [.. train], [.. validation], sampling, training, Options.Augmentation, Options.LossWeights);
            },
            content => new PerceiverObjectDetectionTransformer(Host, content),
            config,
            newHead: Options.Training is not null);
    }

    private PerceiverConfig ConfigFor(PerceiverConfig config, LabelSet labels)
    {
        if (Options.Training is null)
            return config;
        return config.WithLabels(labels.Names) with
        {
            NumQueries = Options.NumQueries ?? config.NumQueries,
            Architectures = [nameof(PerceiverForObjectDetection)],
            ProblemType = null,
        };
    }

    // A classifier reads the middle of an image, which would cut objects off.
    private PerceiverImageProcessorOptions ProcessorFor(PerceiverCheckpoint checkpoint, PerceiverConfig config)
    {
        var processor = ((IImageOptions)Options).ProcessorFor(checkpoint, config);
        bool isDetectors = checkpoint.ImageProcessor is not null
            && HeadNames.Of(checkpoint.Config) == HeadNames.ObjectDetection;
        return Options.ImageProcessor is null && !isDetectors ? processor with { DoCenterCrop = false } : processor;
    }

    private List<PerceiverDetectionExample> Read(IDataView view, ObjectRows rows, LabelSet labels)
    {
        var columns = Inputs.Select(i => i.In(view.Schema)).ToArray();
        labels.RequireSame(LabelSet.FromKeyColumn(columns[1]), Options.LabelColumnName);
        return TrainingRows.Read<PerceiverDetectionExample>(view, columns, row => rows.CreateReader(row, columns));
    }
}
