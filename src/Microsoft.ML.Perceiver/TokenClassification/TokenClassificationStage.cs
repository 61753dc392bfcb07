global using TokenClassificationContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverTokenClassificationOptions,
    Microsoft.ML.Perceiver.TextLabelsFound,
    Microsoft.ML.Perceiver.PerceiverForTokenClassification>;
using System.Text;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The labels of a row: of each word with its probability, and of each span.</summary>
/// <param name="Keys">The label of each word.</param>
/// <param name="Scores">Its probability.</param>
/// <param name="Spans">First character and length of each span.</param>
/// <param name="SpanLabels">The label of each span.</param>
/// <param name="Attention">For each word what its label looks at; empty where nobody asks for it.</param>
internal sealed record TokenLabels(uint[] Keys, float[] Scores, int[] Spans, ReadOnlyMemory<char>[] SpanLabels, float[] Attention);

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
        .. AttentionColumn.Of<TokenLabels>(options, "for each word: " + AttentionColumn.Characters, row => row.Attention),
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
        float[][]? attention = content.Options.AttentionColumnName is null ? null : AttentionOf(window);
        return [.. window.Select((text, i) => LabelsOf(text, probabilities[i], attention?[i] ?? []))];
    }

    private float[][] AttentionOf(IReadOnlyList<TokenText> window) => Runner.Run(window, text => text.Example.Ids.Length, batch =>
    {
        var (ids, words, mask) = PerceiverTokenExample.ToTensors([.. batch.Select(text => text.Example)], content.Model.Device);
        int most = Math.Max(1, batch.Max(text => text.Example.Labels.Length)), tokens = batch.Max(text => text.Example.Ids.Length);
        // Where the words have the same weights, as those of the encoder, there is one row of them.
        float[][] rows = TextRunner<PerceiverForTokenClassification>.Infer(() =>
            content.Model.AttentionMap(ids, words, mask, content.Options.AttentionKind).expand(-1, most, -1).flatten(1));
        return batch.Select((text, i) => text.ByCharacter(rows[i], tokens)).ToArray();
    });

    private TokenLabels LabelsOf(TokenText text, float[] probabilities, float[] attention)
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
            [.. spans.Select(span => span.Kind.AsMemory())],
            attention);
    }
}

/// <summary>The text of a row.</summary>
/// <param name="Words">Its words.</param>
/// <param name="Starts">The first character of each; of words in a vector, in the text that they make with a space between.</param>
/// <param name="Length">The characters of that text.</param>
/// <param name="Example">The words that fit, as the model reads them, without labels.</param>
internal sealed record TokenText(string[] Words, int[] Starts, int Length, PerceiverTokenExample Example)
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
            var read = new TokenText(words, StartsOf(words, text), text.Length, example);
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

    /// <summary>Weights of the tokens as those of the characters, for each word, one after the other.</summary>
    /// <param name="weights">For each word, a weight for each token.</param>
    /// <param name="tokens">Tokens of a word's weights, those of padding included.</param>
    internal float[] ByCharacter(ReadOnlySpan<float> weights, int tokens)
    {
        int width = Length + 2;
        float[] result = new float[Words.Length * width];
        for (int word = 0; word < Example.Labels.Length; word++)
            AddByCharacter(weights.Slice(word * tokens, Example.Ids.Length), result.AsSpan(word * width, width));
        return result;
    }

    // The words' bytes follow one another with a space between, whatever stands between them in the text.
    private void AddByCharacter(ReadOnlySpan<float> weights, Span<float> result)
    {
        (result[0], result[^1]) = (weights[0], weights[^1]);
        int next = 1, end = Example.Ids.Length - 1;
        for (int word = 0; word < Example.Labels.Length; word++)
        {
            int start = 1 + Starts[word];
            if (word > 0)
                result[start - 1] += weights[next++];
            int bytes = Math.Min(Encoding.UTF8.GetByteCount(Words[word]), end - next);
            PerceiverTextAttention.Add(weights.Slice(next, bytes), Example.Ids.AsSpan(next, bytes), Words[word], result[start..]);
            next += bytes;
        }
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
