global using QuestionAnsweringContent = Microsoft.ML.Perceiver.StageContent<
    Microsoft.ML.Perceiver.PerceiverQuestionAnsweringOptions,
    Microsoft.ML.Perceiver.TextFound,
    Microsoft.ML.Perceiver.PerceiverForQuestionAnswering>;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>The answers of a row, the likeliest first, with their probabilities.</summary>
internal sealed record Answers(ReadOnlyMemory<char>[] Texts, float[] Scores);

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
        return [.. window.Select(text =>
        {
            int first = next;
            next += text.Parts.Count;
            return AnswersOf(text, probabilities.AsSpan(first, text.Parts.Count));
        })];
    }

    private Answers AnswersOf(QuestionText text, ReadOnlySpan<float[]> probabilities)
    {
        // Parts overlap: a span that both have is one answer.
        var found = new Dictionary<(int Start, int Count), float>();
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
                found[span] = Math.Max(found.GetValueOrDefault(span), probability);
            }
        }

        var texts = new ReadOnlyMemory<char>[_options.TopK];
        float[] scores = new float[_options.TopK];
        int place = 0;
        foreach (var ((start, count), probability) in found.OrderByDescending(f => f.Value).ThenBy(f => f.Key).Take(_options.TopK))
        {
            texts[place] = Encoding.UTF8.GetString(text.Context, start, count).AsMemory();
            scores[place++] = probability;
        }

        return new Answers(texts, scores);
    }
}
