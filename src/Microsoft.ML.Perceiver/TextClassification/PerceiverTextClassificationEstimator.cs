using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies texts, or gives them numbers, with a Perceiver that reads their bytes.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverTextClassification](xref:Microsoft.ML.PerceiverCatalog.PerceiverTextClassification(Microsoft.ML.TransformsCatalog,Microsoft.ML.Perceiver.PerceiverTextClassificationOptions))
/// with a checkpoint, or one of the `PerceiverText` trainers to learn from the data.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; no word is unknown, as bytes are read |
/// | `SecondTextColumnName` | text, optional | a second text, read after the first |
/// | `LabelColumnName` | key, Single, or a known-size vector of Single | read by training only: classes, regression, several labels |
/// | `ScoreColumnName` | vector of Single; Single for a regression of one number | probabilities (softmax; a sigmoid for each of several labels) or numbers; slot names are the labels |
/// | `PredictedLabelColumnName` | key, or a vector of Boolean for several labels | the most probable label with its key values; the labels of probability 0.5 and more; absent for a regression |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification, regression, multi-label classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// ### Scoring
/// The model is Hugging Face's `PerceiverForSequenceClassification`: byte embeddings with trainable positions, cross-attention to the latents,
/// self-attention, and one trainable query (A. Jaegle et al., Perceiver IO, ICLR 2022).
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverTextClassificationEstimator : IEstimator<PerceiverTextClassificationTransformer>
{
    private readonly IHost _host;
    private readonly PerceiverTextClassificationOptions _options;
    private readonly ClassificationTask _task;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trainedFor">The one problem that a trainer's catalog allows; null for any.</param>
    internal PerceiverTextClassificationEstimator(IHostEnvironment environment, PerceiverTextClassificationOptions options, PerceiverProblemType? trainedFor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy<PerceiverTextClassificationOptions>();
        if (trainedFor is not null)
            options.Training ??= new PerceiverTrainingOptions();
        options.Validate();
        _host = environment.Register(nameof(PerceiverTextClassificationEstimator));
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
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or the training diverged.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled before its first epoch was done.</exception>
    public PerceiverTextClassificationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in ((IClassificationOptions)_options).Inputs)
            column.In(input.Schema);
        return _options.Training is { } training ? Train(input, training) : Load();
    }

    private PerceiverTextClassificationTransformer Load()
    {
        var checkpoint = _options.Checkpoint!;
        int limit = _options.LengthLimit(checkpoint.Config);
        PerceiverOptions.Choose(_options.Device, _host);
        var (model, report) = checkpoint.Load(c => new PerceiverForSequenceClassification(c, initialize: false), precision: _options.Precision);
        CheckpointLog.Write(_host, checkpoint, report);
        return Wrap(model, ClassificationTask.ProblemOf(checkpoint.Config), LabelSet.FromNames(checkpoint.Config.LabelNames), limit, training: null);
    }

    private PerceiverTextClassificationTransformer Train(IDataView input, PerceiverTrainingOptions training)
    {
        var label = _task.Label(input.Schema);
        var checkpoint = _options.Checkpoint ?? PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallText, training.Seed);
        int limit = _options.LengthLimit(checkpoint.Config);
        var device = PerceiverOptions.Choose(_options.Device, _host);
        var reader = new TextReader(_options.TextColumnName, _options.SecondTextColumnName, limit, _options.LongText);
        var (train, validation) = _task.Read(input, label, reader.CreateReader, (ids, target) => new PerceiverTextExample(ids, target));
        var config = ClassificationTask.ConfigFor(checkpoint.Config, label);
        var (model, report) = checkpoint.Load(c => new PerceiverForSequenceClassification(c, initialize: false), config, newHead: true, training.Seed);
        try
        {
            CheckpointLog.Write(_host, checkpoint, report);
            model.to(device);
            var result = StageTraining.Execute(_host, new PerceiverTextClassificationObjective(model, label.Problem, [.. train], [.. validation], training), training);
            return Wrap(model, label.Problem, label.Labels, limit, result);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private PerceiverTextClassificationTransformer Wrap(
        PerceiverForSequenceClassification model, PerceiverProblemType problem, LabelSet labels, int maxLength, PerceiverTrainingResult? training)
    {
        var settings = new TextClassificationSettings(_options, maxLength, problem, labels);
        return new PerceiverTextClassificationTransformer(
            _host, new TextRunner<PerceiverForSequenceClassification>(_host, model, settings, _options.Device), settings, training);
    }
}
