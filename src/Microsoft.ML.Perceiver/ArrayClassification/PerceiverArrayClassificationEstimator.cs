using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies arrays (series, grids, films, tables), or gives them numbers, with a Perceiver.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverArrayClassification](xref:Microsoft.ML.PerceiverCatalog.PerceiverArrayClassification*)
/// with a checkpoint, or a `PerceiverArray` trainer to learn from the data.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `FeatureColumnNames` | vectors of Single; Single | one vector of 1 to 3 dimensions, or the columns of a table |
/// | `LabelColumnName` | key; Boolean; Single; vector of either | read by training: classes, two classes, a number, several labels |
/// | `ScoreColumnName` | vector of Single; one Single | probabilities, or numbers; of Boolean labels the log of the odds of true |
/// | `ProbabilityColumnName` | Single | of Boolean labels: the probability of true |
/// | `PredictedLabelColumnName` | key; Boolean; vector of Boolean | the most probable label, or all of 0.5 and more |
/// | `AttentionColumnName` | vector of Single, where it is named | a weight for each input of the model |
/// | `TopLabelsColumnName`, `TopScoresColumnName` | vectors of text and of Single | with `TopK` set: the most probable labels, ranked |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Binary and multiclass classification, regression, multi-label classification |
/// | Is normalization required? | No, inputs are standardised by the training rows, inside the model |
/// | Is caching required? | No, training keeps the arrays |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
///
/// ### Scoring
/// The model is `PerceiverForArray`: the Perceiver IO (A. Jaegle et al., ICLR 2022) over the array's numbers and their places. Rows of
/// vectors of variable size are padded and masked, so that a row's answer does not depend on the rows beside it.
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverArrayClassificationEstimator
    : PerceiverEstimator<PerceiverArrayClassificationTransformer, PerceiverArrayClassificationOptions>
{
    private const int DefaultBins = 16;
    private readonly ClassificationTask<PerceiverArrayClassificationOptions> _task;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trainedFor">The one kind of labels that a trainer's catalog allows; null for any.</param>
    internal PerceiverArrayClassificationEstimator(
        IHostEnvironment environment, PerceiverArrayClassificationOptions options, LabelKind? trainedFor = null)
        : base(environment, options, DefaultTraining(trainedFor)) =>
        _task = new ClassificationTask<PerceiverArrayClassificationOptions>(Options, trainedFor);

    private static PerceiverTrainingOptions? DefaultTraining(LabelKind? trainedFor) => trainedFor switch
    {
        null => null,
        LabelKind.Class or LabelKind.Truth => PerceiverPresets.ArrayTraining,
        _ => PerceiverPresets.ArrayTraining with { LabelSmoothing = 0, MonitorMetric = null },
    };

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema)
    {
        // Only whether rows may differ shows in the shape of a schema, not how long they are.
        bool isExact = IsExactIn(inputSchema);
        int[] dimensions = isExact ? [1] : [];
        string[]? slots = isExact && ArraySlots.AreIn(inputSchema, Options) ? ["a"] : null;
        return
        [
            .. _task.OutputsFor(inputSchema),
            .. AttentionColumn.Of<ScoredRow>(Options, ArrayClassificationStage.Vectors, row => row.Attention, slots, dimensions),
        ];
    }

    // As fitting finds it: a new model of vectors of known size.
    private bool IsExactIn(SchemaShape inputSchema)
    {
        if (Options.Training is null || Options.Checkpoint?.Config.Array is not null)
            return false;
        return !Options.FeatureColumnNames.Any(name => MlNetInternals.TryFind(inputSchema, name, out var column)
            && column.Kind == SchemaShape.Column.VectorKind.VariableVector);
    }

    private protected override PerceiverArrayClassificationTransformer FitTo(IDataView input)
    {
        if (Options.Training is null)
            return Fit(Options.Checkpoint!);
        var form = Options.Checkpoint?.Config.Array is null ? ArrayForm.Of(input.Schema, Options) : null;
        var preset = form is { IsTable: true } ? PerceiverPresets.SmallTable : PerceiverPresets.SmallArray;
        var config = Options.Checkpoint?.Config ?? preset;
        var target = _task.TargetIn(input.Schema, config);
        bool isExact = form?.Axes[0] is not null;
        var reader = config.Array is { } array
            ? ArrayReader.Of(array, isExact)
            : new ArrayReader(form!.Width, form.Axes[0] ?? Options.MaxLength, isExact);
        var (train, validation) = _task.Read(
            input, target.Label!, reader.CreateReader, (row, label) => new PerceiverArrayExample(row.Values, label));
        var settings = config.Array ?? form!.ToSettings(Options, train.Concat(validation).Max(row => row.Values.Length) / form.Width);
        if (settings.Means is null)
        {
            bool isByPlace = settings.Positions == PerceiverArraySettings.Trainable;
            settings = ArrayScaling.Apply(settings, train.Select(row => row.Values), isByPlace);
            if (form is { IsTable: true, Channels: 1 } && Options.Patch is null && Options.Bins is null or > 0)
                settings = ArrayScaling.ApplyBins(settings, [.. train.Select(row => row.Values)], Options.Bins ?? DefaultBins);
        }

        config = target.Config with { Array = settings, Architectures = [nameof(PerceiverForArray)] };
        return Fit(
            PerceiverArrayClassificationTransformer.File,
            Options.CheckpointOr(config, PerceiverInitialization.LocalArray),
            new ArrayClassificationFound(
                target.Labels, target.Problem, isExact, target.IsBinary, isExact ? ArraySlots.In(input.Schema, Options) : null),
            training => model => new PerceiverArrayObjective(model, target.Problem, [.. train], [.. validation], training),
            content => new PerceiverArrayClassificationTransformer(Host, content),
            config,
            newHead: true);
    }

    private PerceiverArrayClassificationTransformer Fit(PerceiverCheckpoint checkpoint)
    {
        var target = ClassificationTarget.Of(null, checkpoint.Config);
        if (checkpoint.Config.Array is null)
            throw new ArgumentException("The checkpoint's configuration has no 'array'.", nameof(checkpoint));
        return Fit(
            PerceiverArrayClassificationTransformer.File,
            checkpoint,
            new ArrayClassificationFound(target.Labels, target.Problem, IsExact: false, IsBinary: false),
            training => throw new InvalidOperationException("Nothing is trained."),
            content => new PerceiverArrayClassificationTransformer(Host, content));
    }
}
