using System.Text;
using TokenClassification;

namespace QuestionAnswering;

/// <summary>Questions about the sentences of the Brown corpus, each with the sentence and those around it as its context.</summary>
/// <param name="Train">The training rows.</param>
/// <param name="Test">Those of the held-out texts.</param>
internal sealed record QuestionSet(IReadOnlyList<QuestionRow> Train, IReadOnlyList<QuestionRow> Test)
{
    // 256 tokens in all: with three special ones, question and context are read at once.
    private const int MostContextBytes = 188;
    private const int MostQuestionBytes = 64;
    private const int HeldOutEvery = 10;

    /// <summary>Makes the questions; every tenth text, the last of each ten, is held out.</summary>
    /// <param name="files">The texts in the order of their names.</param>
    public static QuestionSet Of(IReadOnlyList<BrownFile> files)
    {
        var rules = new QuestionRules(VerbForms.Of(files));
        var parts = files.Index().ToLookup(f => f.Index % HeldOutEvery == HeldOutEvery - 1, f => f.Item);
        return new QuestionSet([.. parts[false].SelectMany(f => Of(f, rules))], [.. parts[true].SelectMany(f => Of(f, rules))]);
    }

    private static IEnumerable<QuestionRow> Of(BrownFile file, QuestionRules rules) =>
        Enumerable.Range(0, file.Sentences.Count).SelectMany(i => Of(file.Sentences, i, rules));

    private static IEnumerable<QuestionRow> Of(IReadOnlyList<TaggedSentence> sentences, int asked, QuestionRules rules)
    {
        if (BytesOf(sentences[asked]) > MostContextBytes)
            yield break;
        var (first, end) = Around(sentences, asked);
        var context = new PrintedText();
        int before = 0;
        for (int i = first; i < end; i++)
        {
            context.Add(sentences[i].Words);
            before += i < asked ? sentences[i].Words.Length : 0;
        }

        foreach (var question in rules.Ask(sentences[asked]))
        {
            string text = new PrintedText().Add(question.Words).Text;
            var (start, stop) = context.PlaceOf(before + question.First, question.Count);
            string answer = WithoutGenitive(context.Text[start..stop]);
            bool occursOnce = context.Text.IndexOf(answer, StringComparison.Ordinal) == start
                && context.Text.IndexOf(answer, start + 1, StringComparison.Ordinal) < 0;
            if (occursOnce && Encoding.UTF8.GetByteCount(text) <= MostQuestionBytes)
            {
                var row = new MyModel.ModelInput { Context = context.Text, Question = text, TrainingAnswer = answer, AnswerIndex = start };
                yield return new QuestionRow(question.Kind, row);
            }
        }
    }

    // The sentences before and behind by turns, as long as they fit.
    private static (int First, int End) Around(IReadOnlyList<TaggedSentence> sentences, int asked)
    {
        int first = asked, end = asked + 1, bytes = BytesOf(sentences[asked]);
        while (true)
        {
            bool takesFirst = first > 0 && bytes + BytesOf(sentences[first - 1]) <= MostContextBytes;
            if (takesFirst)
                bytes += BytesOf(sentences[--first]);
            bool takesEnd = end < sentences.Count && bytes + BytesOf(sentences[end]) <= MostContextBytes;
            if (takesEnd)
                bytes += BytesOf(sentences[end++]);
            if (!takesFirst && !takesEnd)
                return (first, end);
        }
    }

    // With a space behind each word.
    private static int BytesOf(TaggedSentence sentence) => Encoding.UTF8.GetByteCount(sentence.Text) + 1;

    private static string WithoutGenitive(string name) =>
        name.EndsWith("'s", StringComparison.Ordinal) ? name[..^2] : name.TrimEnd('\'');
}
