using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>Gives every word of a text a label (parts of speech, named entities) with a Perceiver that reads bytes.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Input and output columns
/// | Column | Type | What it is |
/// | -- | -- | -- |
/// | `TextColumnName` | text, or vector of text | a text whose words white space parts, or its words |
/// | `LabelColumnName` | vector of keys | read by training only: a label for each word, or for each span |
/// | `LabelSpansColumnName` | vector of Int32, optional | read by training only: first character and length of each labelled span |
/// | `PredictedLabelColumnName` | vector of keys | the label of each word; missing for words behind the longest text |
/// | `ScoreColumnName` | vector of Single | the probability of each word's label; NaN for words behind the longest text |
/// | `SpansColumnName`, `SpanLabelsColumnName` | vector of Int32, vector of text | first character and length of each span, and its label |
/// | `AttentionColumnName` | vector of Single, where it is named | for each word a weight for `[CLS]`, each character, and `[SEP]` |
///
/// Labels `B-X` begin a span, `I-X` go on with it, `O` is outside; adjacent words with the same other label are one span.
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification of tokens |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | By `SaveAsOnnx` of Microsoft.ML.Perceiver.Onnx |
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverTokenClassificationEstimator
    : PerceiverEstimator<PerceiverTokenClassificationTransformer, PerceiverTokenClassificationOptions>
{
    internal PerceiverTokenClassificationEstimator(
        IHostEnvironment environment, PerceiverTokenClassificationOptions options, PerceiverTrainingOptions? defaultTraining = null)
        : base(environment, options, defaultTraining)
    {
    }

    private protected override IReadOnlyList<InputColumn> LabelInputs => Options.LabelSpansColumnName is { } spans
        ? [InputColumn.Keys(Options.LabelColumnName), new InputColumn(spans, new InputType(NumberDataViewType.Int32, IsVector: true))]
        : [InputColumn.Keys(Options.LabelColumnName)];

    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) => TokenClassificationStage.OutputsOf(
        Options, Options.Training is null ? LabelSet.Of(Options.Checkpoint!.Config) : LabelSet.Unknown);

    private protected override PerceiverTokenClassificationTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallText);
        int limit = Options.LengthLimit(checkpoint);
        var labels = Options.Training is null ? LabelSet.Of(checkpoint.Config) : LabelsIn(input.Schema);
        return Fit(
            PerceiverTokenClassificationTransformer.File,
            checkpoint,
            new TextLabelsFound(limit, labels),
            training =>
            {
                var cuts = new TextCuts(limit);
                var (train, validation) = TrainingRows.ReadAndSplit(input, Options, view => Read(view, labels, limit, cuts));
                cuts.Report(LogRows);
                return model => new PerceiverTokenClassificationObjective(model, [.. train], [.. validation], training);
            },
            content => new PerceiverTokenClassificationTransformer(Host, content),
            checkpoint.Config.WithLabels(labels.Names),
            newHead: Options.Training is not null);
    }

    private LabelSet LabelsIn(DataViewSchema schema)
    {
        var keys = LabelSet.FromKeyColumn(schema[Options.LabelColumnName]);
        return Options.LabelSpansColumnName is null ? keys : LabelSet.FromNames(TokenSpans.LabelsOf(keys.Names));
    }

    private List<PerceiverTokenExample> Read(IDataView view, LabelSet labels, int limit, TextCuts cuts)
    {
        var columns = Inputs.Select(i => i.In(view.Schema)).ToArray();
        labels.RequireSame(LabelsIn(view.Schema), Options.LabelColumnName);
        var rows = TrainingRows.Read<PerceiverTokenExample>(
            view, columns, row => TokenText.CreateExampleReader(row, columns, limit, Options, cuts));
        return TrainingRows.LeaveOut(rows, example => example.Labels.Length == 0, "have no words", LogRows);
    }
}
