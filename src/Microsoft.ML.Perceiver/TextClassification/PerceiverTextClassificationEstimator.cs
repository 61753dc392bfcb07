using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Classifies texts, or gives them numbers, with a Perceiver that reads their bytes.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator use
/// [PerceiverTextClassification](xref:Microsoft.ML.PerceiverCatalog.PerceiverTextClassification*)
/// with a checkpoint, or one of the `PerceiverText` trainers to learn from the data.
///
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text | the text; no word is unknown, as bytes are read |
/// | `SecondTextColumnName` | text, optional | a second text, read after the first |
/// | `LabelColumnName` | key; Boolean; Single; vector of either | read by training: classes, two classes, a number, several labels |
/// | `ScoreColumnName` | vector of Single; one Single | probabilities, or numbers; of Boolean labels the log of the odds of true |
/// | `ProbabilityColumnName` | Single | of Boolean labels: the probability of true |
/// | `PredictedLabelColumnName` | key; Boolean; vector of Boolean | the most probable label, or all of 0.5 and more |
/// | `AttentionColumnName` | vector of Single, where it is named | a weight for `[CLS]`, each character, and `[SEP]` |
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Binary and multiclass classification, regression, multi-label classification |
/// | Is normalization required? | No |
/// | Is caching required? | No |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
///
/// ### Scoring
/// The model is Hugging Face's `PerceiverForSequenceClassification`: byte embeddings with trainable positions, cross-attention to the
/// latents, self-attention, and one trainable query (A. Jaegle et al., Perceiver IO, ICLR 2022).
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverTextClassificationEstimator
    : PerceiverEstimator<PerceiverTextClassificationTransformer, PerceiverTextClassificationOptions>
{
    private readonly ClassificationTask<PerceiverTextClassificationOptions> _task;
    private readonly PerceiverTextAugmentation? _augmentation;

    /// <summary>Makes the estimator.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="options">The settings.</param>
    /// <param name="trainedFor">The one kind of labels that a trainer's catalog allows; null for any.</param>
    internal PerceiverTextClassificationEstimator(
        IHostEnvironment environment, PerceiverTextClassificationOptions options, LabelKind? trainedFor = null)
        : base(environment, options, DefaultTraining(options, trainedFor))
    {
        _task = new ClassificationTask<PerceiverTextClassificationOptions>(Options, trainedFor);
        bool startsFromEncoder = trainedFor is not null && TextStart.IsBundledEncoder(options);
        _augmentation = Options.Augmentation ?? (startsFromEncoder ? PerceiverPresets.TextFineTuningAugmentation : null);
    }

    private static PerceiverTrainingOptions? DefaultTraining(
        PerceiverTextClassificationOptions? options, LabelKind? trainedFor) => trainedFor switch
        {
            null => null,
            LabelKind.Class or LabelKind.Truth when TextStart.IsBundledEncoder(options) => PerceiverPresets.TextFineTuning,
            // Without what is for classes alone.
            _ when TextStart.IsBundledEncoder(options) =>
                PerceiverPresets.TextFineTuning with { LabelSmoothing = 0, MonitorMetric = null },
            LabelKind.Class or LabelKind.Truth => PerceiverPresets.TextTraining,
            _ => new PerceiverTrainingOptions(),
        };

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) =>
        [
            .. _task.OutputsFor(inputSchema),
            .. AttentionColumn.Of<ScoredRow>(Options, TextClassificationStage.InputsOf(Options), row => row.Attention),
        ];

    private protected override PerceiverTextClassificationTransformer FitTo(IDataView input)
    {
        var checkpoint = TextStart.Of(Options, LogStart);
        var target = _task.TargetIn(input.Schema, checkpoint.Config);
        int limit = Options.LengthLimit(checkpoint);
        return Fit(
            PerceiverTextClassificationTransformer.File,
            checkpoint,
            new TextLabelsFound(limit, target.Labels, target.Problem, target.IsBinary),
            training =>
            {
                var reader = Options.CreateReader(limit);
                var cuts = new TextCuts(limit);
                var (train, validation) = _task.Read(input, target.Label!, reader.CreateReader, (text, label) =>
                {
                    cuts.Count(text.IsTruncated);
                    return new PerceiverTextExample(text.Ids, label);
                });
                cuts.Report(LogRows);
                return model => new PerceiverTextClassificationObjective(
                    model, target.Problem, [.. train], [.. validation], training, _augmentation);
            },
            content => new PerceiverTextClassificationTransformer(Host, content),
            target.Config,
            target.HasNewHead);
    }
}
