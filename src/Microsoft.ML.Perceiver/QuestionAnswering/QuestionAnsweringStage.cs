global using QuestionAnsweringContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverQuestionAnsweringOptions,
    Microsoft.ML.Perceiver.TextFound,
    Microsoft.ML.Perceiver.PerceiverForQuestionAnswering>;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The answers of a row, the likeliest first, with their probabilities.</summary>
/// <param name="Texts">The answers.</param>
/// <param name="Scores">Their probabilities.</param>
/// <param name="Best">The part of the context that has the best one, and its first and last token there.</param>
internal sealed record Answers(ReadOnlyMemory<char>[] Texts, float[] Scores, (int Part, int First, int Last) Best)
{
    /// <summary>What the best answer looks at; empty where nobody asks for it.</summary>
    internal float[] Attention { get; init; } = [];
}

/// <summary>Questions and contexts to answers.</summary>
internal sealed class QuestionAnsweringStage(QuestionAnsweringContent content)
    : TextStage<PerceiverForQuestionAnswering, QuestionText, Answers>(content.Model, content.Options, content.Found.MaxLength)
{
    private readonly PerceiverQuestionAnsweringOptions _options = content.Options;

    public override IReadOnlyList<OutputColumn<Answers>> Outputs { get; } = OutputsOf(content.Options);

    /// <summary>The columns that are written.</summary>
    internal static IReadOnlyList<OutputColumn<Answers>> OutputsOf(PerceiverQuestionAnsweringOptions options) =>
    [
        OutputColumn<Answers>.Vector(
            options.PredictedAnswerColumnName, TextDataViewType.Instance, row => row.Texts, options.TopK),
        OutputColumn<Answers>.Vector(options.ScoreColumnName, NumberDataViewType.Single, row => row.Scores, options.TopK),
        .. AttentionColumn.Of<Answers>(
            options,
            "[CLS], each UTF-16 unit of the question, [SEP], each unit of the context, [SEP]",
            row => row.Attention),
    ];

    internal override bool IsCut(QuestionText input) => input.IsQuestionCut;

    internal override Func<QuestionText> CreateReader(DataViewRow row, DataViewSchema.Column[] columns) =>
        QuestionText.CreateReader(row, columns, content.Found.MaxLength, _options);

    internal override Answers[] Score(IReadOnlyList<QuestionText> window)
    {
        // Parts of all rows go through the model together.
        PerceiverAnswerExample[] parts = [.. window.SelectMany(text => text.Parts)];
        float[][] probabilities = Runner.Infer(
            parts,
            part => part.Ids.Length,
            batch => PerceiverQuestionAnsweringObjective.LogitsOf(content.Model, batch).softmax(-1));
        int next = 0;
        Answers[] answers = [.. window.Select(text =>
        {
            int first = next;
            next += text.Parts.Count;
            return AnswersOf(text, probabilities.AsSpan(first, text.Parts.Count));
        })];
        return _options.AttentionColumnName is null ? answers : WithAttention(window, answers);
    }

    // The part with the best answer goes through the model once more, when the answer's place is known.
    private Answers[] WithAttention(IReadOnlyList<QuestionText> window, Answers[] answers)
    {
        var best = window.Zip(answers, (text, answer) => (Part: text.Parts[answer.Best.Part], Place: answer.Best)).ToArray();
        float[][] weights = Runner.Infer(best, b => b.Part.Ids.Length, batch =>
        {
            var (ids, mask) = TokenBatch.ToTensors([.. batch.Select(b => b.Part.Ids)], content.Model.Device);
            int[][] places = [.. batch.Select(b => new[] { b.Place.First, b.Place.Last })];
            var positions = TokenBatch.Pad(places, 0, content.Model.Device);
            return content.Model.AttentionAt(ids, positions, mask, _options.AttentionKind).mean([1]);
        });
        return [.. answers.Select((answer, i) => answer with
        {
            Attention = window[i].ByCharacter(weights[i], answer.Best.Part),
        })];
    }

    private Answers AnswersOf(QuestionText text, ReadOnlySpan<float[]> probabilities)
    {
        // Parts overlap: a span that both have is one answer.
        var found = new Dictionary<(int Start, int Count), (float Probability, int Part)>();
        for (int i = 0; i < text.Parts.Count; i++)
        {
            var part = text.Parts[i];
            int tokens = probabilities[i].Length / 2;
            byte[] bytes = part.Part;
            var best = AnswerSpans.Best(
                probabilities[i].AsSpan(part.PartStart, bytes.Length),
                probabilities[i].AsSpan(tokens + part.PartStart, bytes.Length),
                bytes,
                _options.MaxAnswerLength,
                _options.TopK);
            foreach (var (first, count, probability) in best)
            {
                var span = (part.Offset + first, count);
                if (!found.TryGetValue(span, out var before) || probability > before.Probability)
                    found[span] = (probability, i);
            }
        }

        var texts = new ReadOnlyMemory<char>[_options.TopK];
        float[] scores = new float[_options.TopK];
        int place = 0;
        // Without a candidate it is [CLS], which stands for no answer.
        (int Part, int First, int Last) likeliest = default;
        var ranked = found.OrderByDescending(f => f.Value.Probability).ThenBy(f => f.Key);
        foreach (var ((start, count), (probability, index)) in ranked.Take(_options.TopK))
        {
            if (place == 0)
            {
                int first = text.Parts[index].PartStart + start - text.Parts[index].Offset;
                likeliest = (index, first, first + count - 1);
            }

            texts[place] = Encoding.UTF8.GetString(text.Context, start, count).AsMemory();
            scores[place++] = probability;
        }

        return new Answers(texts, scores, likeliest);
    }
}
