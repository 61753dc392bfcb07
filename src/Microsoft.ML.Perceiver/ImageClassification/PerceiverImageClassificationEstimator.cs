using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies pictures, or gives them numbers, with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverImageClassification](xref:Microsoft.ML.PerceiverCatalog.PerceiverImageClassification(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverImageClassificationOptions))
/// with a checkpoint, or the `PerceiverImage` trainer to learn from the data.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `ImageColumnName` | MLImage, or a known-size vector of Single or Byte | the picture, of any size; or its pixels, from 0 to 255 |
/// | `LabelColumnName` | key, Single, or a known-size vector of Single | read by training only: classes, regression, several labels |
/// | `ScoreColumnName` | vector of Single; Single for a regression of one number | probabilities (softmax; a sigmoid for each of several labels) or numbers; slot names are the labels |
/// | `PredictedLabelColumnName` | key, or a vector of Boolean for several labels | the most probable label with its key values; the labels of probability 0.5 and more; absent for a regression |
/// | `TopLabelsColumnName`, `TopScoresColumnName` | vectors of text and of Single | with `TopK` set: the most probable labels and their probabilities, the best first |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification, regression, multi-label classification |
/// | Is normalization required? | No, the image processor normalises |
/// | Is caching required? | No, training keeps the resized pictures as bytes |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// ### Scoring
/// The model is one of Hugging Face's `PerceiverForImageClassificationLearned`, `-Fourier` and `-ConvProcessing` behind its
/// `PerceiverImageProcessor` (A. Jaegle et al., Perceiver IO, ICLR 2022). The pictures of the next batch are read and resized while a batch is
/// scored.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverImageClassificationEstimator : IEstimator<PerceiverImageClassificationTransformer>
{
    private readonly IHost _host;
    private readonly PerceiverImageClassificationOptions _options;
    private readonly ClassificationTask _task;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trainedFor">The one problem that a trainer's catalog allows; null for any.</param>
    internal PerceiverImageClassificationEstimator(IHostEnvironment environment, PerceiverImageClassificationOptions options, PerceiverProblemType? trainedFor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy<PerceiverImageClassificationOptions>();
        if (trainedFor is not null)
            options.Training ??= new PerceiverTrainingOptions();
        options.Validate();
        _host = environment.Register(nameof(PerceiverImageClassificationEstimator));
        _options = options;
        _task = new ClassificationTask(options, trainedFor);
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OutputColumn.AddTo(inputSchema, _task.Promise(inputSchema));
    }

    /// <summary>Loads the checkpoint, and trains it on the data where training is asked for.</summary>
    /// <param name="input">The training data; without training, only its schema is looked at.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">The checkpoint is of no image classifier, or its pictures are of another size than the processor's.</exception>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or the training diverged.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled before its first epoch was done.</exception>
    public PerceiverImageClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in ((IClassificationOptions)_options).Inputs)
            column.In(input.Schema);
        return _options.Training is { } training ? Train(input, training) : Load();
    }

    private PerceiverImageClassificationTransformer Load()
    {
        var checkpoint = _options.Checkpoint!;
        var config = _options.WithHead(checkpoint.Config);
        var processor = _options.ProcessorFor(checkpoint);
        ImageArchitectures.CheckSize(config, processor, _options.InterpolatePositions);
        PerceiverOptions.Choose(_options.Device, _host);
        var (model, report) = checkpoint.Load(c => PerceiverForImageClassification.Create(c, initialize: false), config, precision: _options.Precision);
        CheckpointLog.Write(_host, checkpoint, report);
        return Wrap(model, processor, ClassificationTask.ProblemOf(config), LabelSet.FromNames(config.LabelNames), training: null);
    }

    private PerceiverImageClassificationTransformer Train(IDataView input, PerceiverTrainingOptions training)
    {
        var label = _task.Label(input.Schema);
        var checkpoint = _options.Checkpoint ?? PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallImage, training.Seed);
        var config = ClassificationTask.ConfigFor(_options.WithHead(checkpoint.Config), label);
        var processor = _options.ProcessorFor(checkpoint);
        ImageArchitectures.CheckSize(config, processor, _options.InterpolatePositions);
        var device = PerceiverOptions.Choose(_options.Device, _host);
        var reader = new ImageReader(_options.ImageColumnName, _options.PixelHeight, _options.PixelWidth, _options.PixelLayout);
        var examples = new PerceiverImageExampleReader(processor);
        // Resized at once, so that no more than the model's pixels are kept of a picture.
        var (train, validation) = _task.Read(
            input, label, (row, columns) => reader.CreateReader(row, columns[0], image => examples.Read(image, [])), (example, target) => example.WithTarget(target));
        var (model, report) = checkpoint.Load(c => PerceiverForImageClassification.Create(c, initialize: false), config, newHead: true, training.Seed);
        try
        {
            CheckpointLog.Write(_host, checkpoint, report);
            model.to(device);
            var objective = new PerceiverImageClassificationObjective(model, label.Problem, [.. train], [.. validation], processor, training, _options.Augmentation);
            var result = StageTraining.Execute(_host, objective, training);
            return Wrap(model, processor, label.Problem, label.Labels, result);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private PerceiverImageClassificationTransformer Wrap(
        PerceiverForImageClassification model, PerceiverImageProcessorOptions processor, PerceiverProblemType problem, LabelSet labels, PerceiverTrainingResult? training) =>
        new(_host, model, new ImageClassificationSettings(_options, processor, problem, labels), _options.Device, training);
}
