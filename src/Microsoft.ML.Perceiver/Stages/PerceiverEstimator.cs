using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.Perceiver;

/// <summary>What the estimators of all heads share: settings, the check of the columns, and how a model is loaded and trained.</summary>
/// <typeparam name="TTransformer">The head's transformer.</typeparam>
/// <typeparam name="TOptions">The head's settings.</typeparam>
public abstract class PerceiverEstimator<TTransformer, TOptions> : IEstimator<TTransformer>
    where TTransformer : PerceiverTransformer
    where TOptions : PerceiverOptions
{
    private const int NamedLabels = 10;
    private readonly bool _isDefaultTraining;
    private bool _isFitted;

    /// <summary>Checks and copies the settings.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="defaultTraining">
    /// How a catalog of trainers trains where the settings do not say; null where no training is asked for unless they do.
    /// </param>
    private protected PerceiverEstimator(
        IHostEnvironment environment, TOptions options, PerceiverTrainingOptions? defaultTraining = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options.Copy<TOptions>();
        _isDefaultTraining = Options.Training is null;
        Options.Training ??= defaultTraining;
        Options.Validate();
        if (Options.Training is { Seed: null } training && MlNetInternals.SeedOf(environment) is { } seed)
            Options.Training = training with { Seed = seed };
        Host = environment.Register(GetType().Name);
    }

    private protected IHost Host { get; }

    private protected TOptions Options { get; }

    /// <summary>The columns that are read to fit.</summary>
    private protected IReadOnlyList<InputColumn> Inputs =>
        Options.Training is null ? Options.Inputs : [.. Options.Inputs, .. LabelInputs];

    /// <summary>The columns with the right answers; none where a head reads them by itself, or learns without.</summary>
    private protected virtual IReadOnlyList<InputColumn> LabelInputs => [];

    /// <summary>The columns that <see cref="Fit(IDataView)"/>'s transformer adds.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <returns>The columns of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">Two of the columns that are added have the same name.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var input in Inputs)
            input.CheckIn(inputSchema);
        return OutputColumn.AddTo(inputSchema, DistinctOutputsFor(inputSchema));
    }

    /// <summary>Loads the checkpoint, and trains it on the data where training is asked for.</summary>
    /// <param name="input">The training data; without training, only its schema is looked at.</param>
    /// <returns>The transformer. It holds the model's memory until it is disposed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentException">
    /// The checkpoint is of another head, settings or validation set do not suit it, or two columns that are added have the same name.
    /// </exception>
    /// <exception cref="InvalidOperationException">A row is at fault (its number is given), or the training diverged.</exception>
    /// <exception cref="FileNotFoundException">A training file is missing.</exception>
    /// <exception cref="FormatException">The checkpoint is damaged, or another model's.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled before its first evaluation was done.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (var column in Inputs)
            column.In(input.Schema);
        // What is wrong with the columns that are added shows before the training.
        DistinctOutputsFor(MlNetInternals.ShapeOf(input.Schema));
        return FitTo(input);
    }

    private IReadOnlyList<OutputColumn> DistinctOutputsFor(SchemaShape inputSchema)
    {
        var outputs = OutputsFor(inputSchema);
        OutputColumn.RequireDistinct(outputs, Options);
        return outputs;
    }

    /// <summary>The columns that are added. The shape of a schema does not tell what only training finds out.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    private protected abstract IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema);

    /// <summary>Finds out what <see cref="Fit{TFound, TModel}"/> is to be told, and calls it.</summary>
    /// <param name="input">The data; it has the columns that are read.</param>
    private protected abstract TTransformer FitTo(IDataView input);

    /// <summary>
    /// Loads a checkpoint, trains it where that is asked for, and makes the transformer. Where that fails the model is disposed.
    /// </summary>
    /// <param name="file">The head's model file.</param>
    /// <param name="checkpoint">The weights to start from.</param>
    /// <param name="found">What was found out about the data and the checkpoint.</param>
    /// <param name="createObjective">Reads the training rows, and makes of them and of a model what is learnt.</param>
    /// <param name="createTransformer">Makes the transformer, whose the model becomes.</param>
    /// <param name="config">The configuration where it is not the checkpoint's own.</param>
    /// <param name="newHead">Whether the model's head may differ from the checkpoint's.</param>
    private protected TTransformer Fit<TFound, TModel>(
        StageFile<TOptions, TFound, TModel> file,
        PerceiverCheckpoint checkpoint,
        TFound found,
        Func<PerceiverTrainingOptions, Func<TModel, IPerceiverObjective>> createObjective,
        Func<StageContent<TOptions, TFound, TModel>, TTransformer> createTransformer,
        PerceiverConfig? config = null,
        bool newHead = false)
        where TFound : class, IFound
        where TModel : PerceiverPreTrainedModel
    {
        // Cross-validation fits one estimator to the rows of each fold.
        var training = Options.Training is { } given ? given with { IsFittedAgain = _isFitted } : null;
        var device = Options.ChooseDevice(Host);
        // Rows that are at fault are found before the weights are loaded.
        var objective = training is null ? null : createObjective(training);
        // Training begins with all digits, and may have a precision of its own.
        var precision = training is null ? Options.Precision : PerceiverPrecision.Float32;
        if (Options.MapWeights)
            checkpoint = checkpoint.WithMappedWeights();
        var (model, report) = checkpoint.Load(Create, config, newHead, training?.SeedOrDefault ?? 0, precision);
        return StageContent.UseOrDispose(model, () =>
        {
            Log(checkpoint, report);
            model.to(device);
            PerceiverTrainingResult? result = null;
            if (objective is not null)
            {
                _isFitted = true;
                result = Train(objective(model), training!);
                model.ComputeIn(Options.Precision);
                model.eval();
            }

            model.PrepareForStage();

            return createTransformer(new StageContent<TOptions, TFound, TModel>(file, SavedOptions.Of(Options), found, model, result));
        });

        TModel Create(PerceiverConfig c)
        {
            var created = file.CreateModel(c, found);
            created.IsForPrediction = training is null && device.type == DeviceType.CPU;
            return created;
        }
    }

    private PerceiverTrainingResult Train(IPerceiverObjective objective, PerceiverTrainingOptions training)
    {
        // Only where the user named the metric is it an error that few rows leave none for validation.
        if (_isDefaultTraining && objective.Metrics.Count == 0)
            training = training with { MonitorMetric = null };
        return StageTraining.Execute(Host, objective, training);
    }

    /// <summary>Tells the user something about the training rows by ML.NET's log.</summary>
    private protected void LogRows(string message)
    {
        using var channel = Host.Start("Reading");
        channel.Warning(message);
    }

    /// <summary>Tells the user by ML.NET's log what a training starts from.</summary>
    private protected void LogStart(string message)
    {
        using var channel = Host.Start("Loading");
        channel.Info(message);
    }

    private void Log(PerceiverCheckpoint checkpoint, PerceiverCheckpointReport report)
    {
        using var channel = Host.Start("Loading");
        channel.Info(TorchRuntime.Description ?? "");
        bool isPartlyNew = report.Loaded.Count > 0 && report.NewlyInitialized.Count > 0;
        string names = isPartlyNew ? $" ({string.Join(", ", report.NewlyInitialized)})" : "";
        channel.Info(
            $"Weights from {checkpoint.Source}: {report.Loaded.Count} loaded, {report.Unused.Count} not used, "
            + $"{report.NewlyInitialized.Count} randomly initialised{names}.");
        string labels = string.Join(", ", checkpoint.Config.LabelNames.Take(NamedLabels))
            + (checkpoint.Config.NumLabels > NamedLabels ? ", ..." : "");
        if (report.LabelChange == PerceiverLabelChange.Reordered)
            channel.Info($"The checkpoint has the labels in another order ({labels}); the rows of its output layer were reordered.");
        if (report.LabelChange == PerceiverLabelChange.Replaced)
            channel.Info($"The checkpoint has other labels ({labels}), or another problem type; its output layer was not taken.");
    }
}
