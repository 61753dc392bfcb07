global using TokenClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTokenClassificationOptions,
    Microsoft.ML.Perceiver.TextLabelsFound,
    Microsoft.ML.Perceiver.PerceiverForTokenClassification>;
using System.Text;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The labels of a row: of each word with its probability, and of each span.</summary>
internal sealed record TokenLabels(uint[] Keys, float[] Scores, int[] Spans, ReadOnlyMemory<char>[] SpanLabels);

/// <summary>Words to labels and spans.</summary>
internal sealed class TokenClassificationStage(TokenClassificationContent content)
    : TextStage<PerceiverForTokenClassification, TokenText, TokenLabels>(content.Model, content.Options, content.Found.MaxLength)
{
    private readonly TokenSpans _spans = new(content.Found.Labels.Names);

    public override IReadOnlyList<OutputColumn<TokenLabels>> Outputs { get; } = OutputsOf(content.Options, content.Found.Labels);

    /// <summary>The columns that are written. Texts differ in their number of words, so that no vector has a known size.</summary>
    internal static IReadOnlyList<OutputColumn<TokenLabels>> OutputsOf(PerceiverTokenClassificationOptions options, LabelSet labels) =>
    [
        OutputColumn<TokenLabels>.Vector(
            options.PredictedLabelColumnName, labels.KeyType, row => row.Keys, annotations: labels.KeyAnnotations()),
        OutputColumn<TokenLabels>.Vector(options.ScoreColumnName, NumberDataViewType.Single, row => row.Scores),
        OutputColumn<TokenLabels>.Vector(options.SpansColumnName, NumberDataViewType.Int32, row => row.Spans),
        OutputColumn<TokenLabels>.Vector(options.SpanLabelsColumnName, TextDataViewType.Instance, row => row.SpanLabels),
    ];

    internal override bool IsCut(TokenText input) => input.IsCut(content.Found.MaxLength);

    internal override Func<TokenText> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        TokenText.CreateReader(row, columns[0], content.Found.MaxLength, content.Options);

    internal override TokenLabels[] Score(IReadOnlyList<TokenText> window)
    {
        float[][] probabilities = Runner.Infer(window, text => text.Example.Ids.Length, batch =>
        {
            var (ids, words, mask) = PerceiverTokenExample.ToTensors([.. batch.Select(text => text.Example)], content.Model.Device);
            return content.Model.forward(ids, words, mask).Logits.to(ScalarType.Float32).softmax(-1);
        });
        return [.. window.Zip(probabilities, LabelsOf)];
    }

    private TokenLabels LabelsOf(TokenText text, float[] probabilities)
    {
        int count = content.Found.Labels.Names.Count;
        int read = text.Example.Labels.Length;
        int unread = text.Words.Length - read;
        int[] labels = Argmax.OfRows(probabilities.AsSpan(0, read * count), count);
        var spans = _spans.Of(labels);
        return new TokenLabels(
            [.. labels.Select(label => (uint)label + 1), .. new uint[unread]],
            [.. labels.Select((label, word) => probabilities[word * count + label]), .. Enumerable.Repeat(float.NaN, unread)],
            [.. spans.SelectMany(span => text.CharactersOf(span.First, span.Count))],
            [.. spans.Select(span => span.Kind.AsMemory())]);
    }
}

/// <summary>The text of a row.</summary>
/// <param name="Words">Its words.</param>
/// <param name="Starts">The first character of each; of words in a vector, in the text that they make with a space between.</param>
/// <param name="Example">The words that fit, as the model reads them, without labels.</param>
internal sealed record TokenText(string[] Words, int[] Starts, PerceiverTokenExample Example)
{
    /// <summary>A function that reads the row a cursor stands on: a vector of words, or a text that white space parts.</summary>
    /// <exception cref="RowException">There are no words, or more than fit, where that is refused.</exception>
    internal static Func<TokenText> CreateReader(DataViewRow row, DataViewSchema.Column column, int maxLength, PerceiverTextOptions options)
    {
        bool hasWords = column.Type is VectorDataViewType;
        var readParts = Getters.VectorReader<ReadOnlyMemory<char>>(row, column);
        return () =>
        {
            string[] parts = Array.ConvertAll(readParts(), part => part.ToString());
            string text = string.Join(' ', parts);
            string[] words = hasWords ? parts : text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (options.EmptyText == PerceiverEmptyTextHandling.Refuse)
                RequireWords(words, column.Name);
            var example = PerceiverTokenExample.FromWords(words, new int[words.Length], maxLength);
            var read = new TokenText(words, StartsOf(words, text), example);
            if (options.LongText == PerceiverLongTextHandling.Refuse && read.IsCut(maxLength))
                throw new RowException(0, $"the column '{column.Name}' has more than {maxLength} tokens; set LongText to Truncate.");
            return read;
        };
    }

    /// <summary>As <see cref="CreateReader"/>, with labels: the keys of the words, or of the spans that a third column has.</summary>
    internal static Func<PerceiverTokenExample> CreateExampleReader(
        DataViewRow row, DataViewSchema.Column[] columns, int maxLength, PerceiverTextOptions options, TextCuts cuts)
    {
        var readText = CreateReader(row, columns[0], maxLength, options);
        var readKeys = Getters.VectorReader<uint>(row, columns[1]);
        var readSpans = columns.Length > 2 ? Getters.VectorReader<int>(row, columns[2]) : null;
        return () =>
        {
            var text = readText();
            int[] keys = Array.ConvertAll(readKeys(), key => key == 0 ? (int)PerceiverForMaskedLM.IgnoredLabel : (int)key - 1);
            int[] labels = readSpans is null ? keys : text.LabelsBySpan(keys, readSpans());
            if (labels.Length != text.Words.Length)
                throw new RowException(0, $"there are {text.Words.Length} words, but there are {labels.Length} labels.");
            cuts.Count(text.IsCut(maxLength));
            return text.Example with { Labels = labels[..text.Example.Labels.Length] };
        };
    }

    /// <summary>Whether not all bytes of the words are among those that are read.</summary>
    /// <param name="maxLength">The most tokens, of which two are special.</param>
    internal bool IsCut(int maxLength) =>
        Example.Labels.Length < Words.Length || (Words.Length > 0 && Encoding.UTF8.GetByteCount(Words[0]) > maxLength - 2);

    /// <summary>The first character of some words, and the number of characters.</summary>
    internal int[] CharactersOf(int firstWord, int count)
    {
        int lastWord = firstWord + count - 1, start = Starts[firstWord];
        return [start, Starts[lastWord] + Words[lastWord].Length - start];
    }

    private static void RequireWords(string[] words, string column)
    {
        if (words.Length == 0)
            throw TextReader.Empty(column, "has no words");
        if (Array.FindIndex(words, string.IsNullOrWhiteSpace) is >= 0 and var index)
            throw TextReader.Empty(column, $"has no letter in its word {index}");
    }

    private static int[] StartsOf(string[] words, string text)
    {
        int next = 0;
        return Array.ConvertAll(words, word =>
        {
            int start = text.IndexOf(word, next, StringComparison.Ordinal);
            next = start + word.Length + 1;
            return start;
        });
    }

    private int[] LabelsBySpan(int[] kinds, int[] spans)
    {
        if (spans.Length != 2 * kinds.Length)
            throw new RowException(0, $"there are {kinds.Length} labels of spans and {spans.Length} numbers of places; a span has two.");
        int[] labels = new int[Words.Length];
        for (int span = 0; span < kinds.Length; span++)
        {
            int start = spans[2 * span], end = start + spans[2 * span + 1];
            int[] covered = [.. Enumerable.Range(0, Words.Length).Where(i => Starts[i] < end && Starts[i] + Words[i].Length > start)];
            if (covered.Length == 0)
                throw new RowException(0, $"the span of {end - start} characters at {start} has no word of the text.");
            foreach (int word in covered)
                labels[word] = TokenSpans.IndexOf(kinds[span], isFirst: word == covered[0]);
        }

        return labels;
    }
}
