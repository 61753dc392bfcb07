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
///
/// Labels `B-X` begin a span, `I-X` go on with it, `O` is outside; adjacent words with the same other label are one span.
///
/// ### Trainer Characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Multiclass classification of tokens |
/// | Required NuGet in addition to Microsoft.ML | Microsoft.ML.Perceiver and TorchSharp-cpu, or a TorchSharp-cuda package |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
/// <seealso cref="PerceiverCatalog"/>
public sealed class PerceiverTokenClassificationEstimator
    : PerceiverEstimator<PerceiverTokenClassificationTransformer, PerceiverTokenClassificationOptions>
{
    internal PerceiverTokenClassificationEstimator(
        IHostEnvironment environment, PerceiverTokenClassificationOptions options, bool isTrainer = false)
        : base(environment, options, isTrainer)
    {
    }

    private protected override IReadOnlyList<InputColumn> Inputs =>
        Options.Training is null ? Options.Inputs : [.. Options.Inputs, .. Labels];

    private IReadOnlyList<InputColumn> Labels =>
        Options.LabelSpansColumnName is { } spans
            ? [InputColumn.Keys(Options.LabelColumnName), new InputColumn(spans, new InputType(NumberDataViewType.Int32, IsVector: true))]
            : [InputColumn.Keys(Options.LabelColumnName)];

    // Only the checkpoint's labels are known before training.
    private protected override IReadOnlyList<OutputColumn> OutputsFor(SchemaShape inputSchema) => TokenClassificationStage.OutputsOf(
        Options, LabelSet.FromNames(Options.Training is null ? Options.Checkpoint!.Config.LabelNames : ["a", "b"]));

    private protected override PerceiverTokenClassificationTransformer FitTo(IDataView input)
    {
        var checkpoint = Options.CheckpointOr(PerceiverPresets.SmallText);
        int limit = Options.LengthLimit(checkpoint.Config);
        var labels = Options.Training is null ? LabelSet.FromNames(checkpoint.Config.LabelNames) : LabelsOf(input);
        return Fit(
            PerceiverTokenClassificationTransformer.File,
            checkpoint,
            new TokenClassificationFound(limit, labels),
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

    private LabelSet LabelsOf(IDataView view)
    {
        var keys = LabelSet.FromKeyColumn(view.Schema[Options.LabelColumnName]);
        return Options.LabelSpansColumnName is null ? keys : LabelSet.FromNames(TokenSpans.LabelsOf(keys.Names));
    }

    private List<PerceiverTokenExample> Read(IDataView view, LabelSet labels, int limit, TextCuts cuts)
    {
        var columns = Inputs.Select(i => i.In(view.Schema)).ToArray();
        if (!LabelsOf(view).Names.SequenceEqual(labels.Names))
        {
            throw new ArgumentException(
                $"The validation set's column '{Options.LabelColumnName}' has other labels than the training data's.", nameof(view));
        }

        var rows = TrainingRows.Read<PerceiverTokenExample>(view, columns, row =>
        {
            var readWords = TextWords.CreateReader(row, columns[0]);
            var readKeys = Getters.VectorReader<uint>(row, columns[1]);
            var readSpans = columns.Length > 2 ? Getters.VectorReader<int>(row, columns[2]) : null;
            return () =>
            {
                var words = readWords();
                int[] keys = [.. readKeys().Select(key => key == 0 ? (int)PerceiverForMaskedLM.IgnoredLabel : (int)key - 1)];
                int[] byWord = readSpans is null ? keys : LabelsBySpan(words, keys, readSpans());
                var example = TokenClassificationStage.ToExample(words, byWord, limit, Options);
                cuts.Count(words.IsCut(example, limit));
                return example;
            };
        });
        return TrainingRows.LeaveOut(rows, example => example.Labels.Length == 0, "have no words", LogRows);
    }

    private static int[] LabelsBySpan(TextWords words, int[] kinds, int[] spans)
    {
        if (spans.Length != 2 * kinds.Length)
            throw new RowException(0, $"there are {kinds.Length} labels of spans and {spans.Length} numbers of places; a span has two.");
        int[] labels = new int[words.Count];
        for (int span = 0; span < kinds.Length; span++)
        {
            int[] covered = [.. words.WordsOf(spans[2 * span], spans[2 * span + 1])];
            if (covered.Length == 0)
                throw new RowException(0, $"the span of {spans[2 * span + 1]} characters at {spans[2 * span]} has no word of the text.");
            // The words of a span whose label is missing do not count.
            for (int i = 0; i < covered.Length; i++)
                labels[covered[i]] = kinds[span] < 0 ? kinds[span] : TokenSpans.IndexOf(kinds[span], isFirst: i == 0);
        }

        return labels;
    }
}
