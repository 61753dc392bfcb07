global using TokenClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTokenClassificationOptions,
    Microsoft.ML.Perceiver.TokenClassificationFound,
    Microsoft.ML.Perceiver.PerceiverForTokenClassification>;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What fitting a token classification finds out.</summary>
/// <param name="MaxLength">The longest text in tokens.</param>
/// <param name="Labels">The labels.</param>
internal sealed record TokenClassificationFound(int MaxLength, LabelSet Labels);

/// <summary>The text of a row: its words, and those that fit as the model reads them.</summary>
internal sealed record TokenText(TextWords Words, PerceiverTokenExample Example);

/// <summary>The labels of a row: of each word with its probability, and of each span.</summary>
internal sealed record TokenLabels(uint[] Keys, float[] Scores, int[] Spans, ReadOnlyMemory<char>[] SpanLabels);

/// <summary>Words to labels and spans.</summary>
internal sealed class TokenClassificationStage(TokenClassificationContent content)
    : BatchStage<TokenText, TokenLabels>, IModelStage<PerceiverForTokenClassification>
{
    private readonly TextRunner<PerceiverForTokenClassification> _runner = new(content.Model, content.Options);
    private readonly TokenSpans _spans = new(content.Found.Labels.Names);

    public override IReadOnlyList<InputColumn> Inputs { get; } = content.Options.Inputs;

    public override IReadOnlyList<OutputColumn> Outputs { get; } = OutputsOf(content.Options, content.Found.Labels);

    ModelRunner<PerceiverForTokenClassification> IModelStage<PerceiverForTokenClassification>.Runner => _runner;

    internal override int WindowSize => _runner.WindowSize;

    /// <summary>The columns that are written. Texts differ in their number of words, so that no vector has a known size.</summary>
    internal static IReadOnlyList<OutputColumn> OutputsOf(PerceiverTokenClassificationOptions options, LabelSet labels) =>
    [
        new(options.PredictedLabelColumnName, new VectorDataViewType(labels.KeyType), labels.KeyAnnotations()),
        new(options.ScoreColumnName, new VectorDataViewType(NumberDataViewType.Single)),
        new(options.SpansColumnName, new VectorDataViewType(NumberDataViewType.Int32)),
        new(options.SpanLabelsColumnName, new VectorDataViewType(TextDataViewType.Instance)),
    ];

    /// <summary>The words of a row as the model reads them, with their labels.</summary>
    /// <exception cref="RowException">There are not as many labels, or words are missing or too many where that is refused.</exception>
    internal static PerceiverTokenExample ToExample(
        TextWords words, int[] labels, int maxLength, PerceiverTokenClassificationOptions options)
    {
        bool isRefused = options.EmptyText == PerceiverEmptyTextHandling.Refuse;
        if (isRefused && words.Count == 0)
            throw TextReader.Empty(words.Column, "has no words");
        if (isRefused && Array.FindIndex(words.Words, string.IsNullOrWhiteSpace) is >= 0 and var index)
            throw TextReader.Empty(words.Column, $"has no letter in its word {index}");
        if (labels.Length != words.Count)
            throw new RowException(0, $"the column '{words.Column}' has {words.Count} words, but there are {labels.Length} labels.");
        var example = PerceiverTokenExample.FromWords(words.Words, labels, maxLength);
        return options.LongText == PerceiverLongTextHandling.Truncate || !words.IsCut(example, maxLength)
            ? example
            : throw new RowException(0, $"the column '{words.Column}' has more than {maxLength} tokens; set LongText to Truncate.");
    }

    internal override int? LengthLimit { get; } = content.Found.MaxLength;

    internal override bool IsCut(TokenText input) => input.Words.IsCut(input.Example, content.Found.MaxLength);

    internal override Func<TokenText> CreateReader(DataViewRow row, DataViewSchema.Column[] columns)
    {
        var read = TextWords.CreateReader(row, columns[0]);
        return () =>
        {
            var words = read();
            return new TokenText(words, ToExample(words, new int[words.Count], content.Found.MaxLength, content.Options));
        };
    }

    internal override TokenLabels[] Score(IReadOnlyList<TokenText> window) =>
        _runner.Run(window, text => text.Example.Ids.Length, batch => batch.Zip(BestLabels(batch), LabelsOf).ToArray());

    internal override Delegate CreateGetter(int output, Func<TokenLabels> current) => output switch
    {
        0 => Getters.Vector(() => current().Keys),
        1 => Getters.Vector(() => current().Scores),
        2 => Getters.Vector(() => current().Spans),
        _ => Getters.Vector(() => current().SpanLabels),
    };

    // For each row the probabilities of its words' best labels, then the labels' indices, both padded to the longest row.
    private float[][] BestLabels(IReadOnlyList<TokenText> batch) => ModelRunner<PerceiverForTokenClassification>.Infer(() =>
    {
        var (ids, words, mask) = PerceiverTokenExample.ToTensors([.. batch.Select(text => text.Example)], content.Model.Device);
        var (probabilities, labels) = content.Model.forward(ids, words, mask).Logits.to(ScalarType.Float32).softmax(-1).max(-1);
        return stack([probabilities, labels.to(ScalarType.Float32)], 1);
    });

    private TokenLabels LabelsOf(TokenText text, float[] best)
    {
        int read = text.Example.Labels.Length, unread = text.Words.Count - read;
        int[] labels = [.. best.Skip(best.Length / 2).Take(read).Select(label => (int)label)];
        var spans = _spans.Of(labels);
        return new TokenLabels(
            [.. labels.Select(label => (uint)label + 1), .. new uint[unread]],
            [.. best.Take(read), .. Enumerable.Repeat(float.NaN, unread)],
            [.. spans.SelectMany(span => text.Words.CharactersOf(span.First, span.Count))],
            [.. spans.Select(span => span.Kind.AsMemory())]);
    }
}
