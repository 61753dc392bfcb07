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
    private readonly ProblemType? _trainedFor;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trainedFor">The one problem that a trainer's catalog allows; null for any.</param>
    internal PerceiverTextClassificationEstimator(IHostEnvironment environment, PerceiverTextClassificationOptions options, ProblemType? trainedFor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Copy<PerceiverTextClassificationOptions>();
        if (trainedFor is not null)
            options.Training ??= new PerceiverTrainingOptions();
        options.Validate();
        _host = environment.Register(nameof(PerceiverTextClassificationEstimator));
        _options = options;
        _trainedFor = trainedFor;
    }

    /// <summary>The columns that <see cref="Fit"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in _options.Inputs)
            input.CheckIn(inputSchema);
        var problem = _options.Training is null ? CheckpointProblem() : CheckProblem(LabelReader.CheckIn(inputSchema, _options.LabelColumnName));
        // The names and their number are known after training only; a shape does not tell them.
        var labels = _options.Training is null ? LabelSet.FromNames(_options.Checkpoint!.Config.LabelNames)
            : LabelSet.FromNames(problem == ProblemType.Regression ? ["Score"] : ["a", "b"]);
        return OutputColumn.AddTo(inputSchema, TextClassificationStage.OutputsOf(_options.ScoreColumnName, _options.PredictedLabelColumnName, problem, labels));
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
        foreach (var column in _options.Inputs)
            column.In(input.Schema);
        return _options.Training is { } training ? Train(input, training) : Load();
    }

    private PerceiverTextClassificationTransformer Load()
    {
        var checkpoint = _options.Checkpoint!;
        var problem = CheckpointProblem();
        int limit = _options.LengthLimit(checkpoint.Config);
        PerceiverOptions.Choose(_options.Device, _host);
        var (model, report) = checkpoint.Load(c => new PerceiverForSequenceClassification(c, initialize: false));
        CheckpointLog.Write(_host, checkpoint, report);
        return Wrap(model, problem, LabelSet.FromNames(checkpoint.Config.LabelNames), limit, training: null);
    }

    private PerceiverTextClassificationTransformer Train(IDataView input, PerceiverTrainingOptions training)
    {
        var label = LabelReader.For(input.Schema, _options.LabelColumnName);
        CheckProblem(label.Problem);
        var checkpoint = _options.Checkpoint ?? PerceiverCheckpoint.FromConfig(PerceiverPresets.SmallText, training.Seed);
        int limit = _options.LengthLimit(checkpoint.Config);
        var device = PerceiverOptions.Choose(_options.Device, _host);
        var rows = ReadRows(input, label, limit);
        var (train, validation) = _options.ValidationSet is { } set
            ? (rows, ReadRows(set, ValidationLabel(set, label), limit))
            : TrainingRows.Split(rows, training.ValidationFraction, training.Seed);
        if (train.Count == 0)
            throw new InvalidOperationException("The training data has no rows.");
        var config = checkpoint.Config.WithLabels(label.Labels.Names) with { ProblemType = ClassificationLoss.NameOf(label.Problem) };
        var (model, report) = checkpoint.Load(c => new PerceiverForSequenceClassification(c, initialize: false), config, newHead: true, training.Seed);
        try
        {
            CheckpointLog.Write(_host, checkpoint, report);
            model.to(device);
            var result = TrainingRun.Execute(_host, new TextClassificationObjective(model, label.Problem, train, validation, training), training);
            return Wrap(model, label.Problem, label.Labels, limit, result);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private PerceiverTextClassificationTransformer Wrap(
        PerceiverForSequenceClassification model, ProblemType problem, LabelSet labels, int maxLength, TrainingResult? training)
    {
        var settings = new TextClassificationSettings(_options, maxLength, problem, labels);
        return new PerceiverTextClassificationTransformer(
            _host, new TextModel<PerceiverForSequenceClassification>(_host, model, settings, _options.Device), settings, training);
    }

    private List<TextExample> ReadRows(IDataView data, LabelReader label, int limit)
    {
        var columns = _options.Inputs.Select(i => i.In(data.Schema)).ToArray();
        var text = new TextReader(_options.TextColumnName, _options.SecondTextColumnName, limit, _options.LongText);
        return TrainingRows.Read<TextExample>(data, [.. columns, data.Schema[_options.LabelColumnName]], row =>
        {
            var readText = text.CreateReader(row, columns);
            var readLabel = label.CreateReader(row);
            return () => new TextExample(readText(), readLabel());
        });
    }

    // A validation set with other labels, or in another order, would be scored against the wrong ones without a word.
    private LabelReader ValidationLabel(IDataView set, LabelReader training)
    {
        var label = LabelReader.For(set.Schema, _options.LabelColumnName);
        return label.Problem == training.Problem && label.Labels.Names.SequenceEqual(training.Labels.Names)
            ? label
            : throw new ArgumentException($"The label column '{_options.LabelColumnName}' of the validation set has other labels than the training data's; map both with the same transformer.", nameof(set));
    }

    private ProblemType CheckProblem(ProblemType problem) =>
        _trainedFor is null || problem == _trainedFor
            ? problem
            : throw StageErrors.Mistyped(_options.LabelColumnName, _trainedFor == ProblemType.Regression ? "a Single (regression)" : "a key (classes)", $"that of {problem}");

    private ProblemType CheckpointProblem()
    {
        var config = _options.Checkpoint!.Config;
        return ClassificationLoss.FromName(config.ProblemType) ?? (config.NumLabels == 1 ? ProblemType.Regression : ProblemType.SingleLabel);
    }
}
