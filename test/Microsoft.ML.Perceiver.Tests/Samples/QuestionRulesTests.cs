using System.Reflection;
using System.Text;
using QuestionAnswering;
using TokenClassification;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>How samples/QuestionAnswering makes its questions.</summary>
[TestClass]
public sealed class QuestionRulesTests
{
    private static readonly QuestionRules Rules = new(new VerbForms(["move", "marry", "stop"]));

    [TestMethod]
    [DataRow("Palmer/np won/vbd the/at first/od round/nn ./.", nameof(QuestionKind.Who), "Who won the first round?", "Palmer")]
    [DataRow(
        "John/np Smith/np ,/, president/nn of/in the/at club/nn ,/, spoke/vbd ./.",
        nameof(QuestionKind.Who), "Who is president of the club?", "John Smith")]
    [DataRow(
        "Yesterday/nr ,/, Portland/np University/nn-tl won/vbd the/at game/nn ./.",
        nameof(QuestionKind.Who), "Who won the game?", "Portland University")]
    [DataRow("Palmer's/np$ caddy/nn walked/vbd home/nr ./.", nameof(QuestionKind.Whose), "Whose caddy walked home?", "Palmer's")]
    [DataRow(
        "But/cc the/at city/nn committee/nn approved/vbd the/at plan/nn for/in it/ppo ./.",
        nameof(QuestionKind.What), "Who or what approved the plan for it?", "the city committee")]
    [DataRow("Three/cd men/nns were/bed killed/vbn ./.", nameof(QuestionKind.HowMany), "How many men were killed?", "Three")]
    [DataRow(
        "He/pps has/hvz three/cd small/jj sons/nns ./.",
        nameof(QuestionKind.HowMany), "How many small sons does the text name?", "three")]
    [DataRow(
        "The/at bridge/nn was/bedz built/vbn in/in 1932/cd ./.", nameof(QuestionKind.When), "When was the bridge built?", "1932")]
    [DataRow(
        "She/pps will/md leave/vb the/at town/nn on/in May/np 3/cd ./.",
        nameof(QuestionKind.When), "When will she leave the town?", "May 3")]
    [DataRow("I/ppss had/hvd been/ben born/vbn in/in Boston/np ./.", nameof(QuestionKind.Where), "Where had I been born?", "Boston")]
    [DataRow("He/pps moved/vbd to/in Boston/np ./.", nameof(QuestionKind.Where), "Where did he move?", "Boston")]
    [DataRow(
        "The/at pair/nn married/vbd quietly/rb in/in 1932/cd ./.",
        nameof(QuestionKind.When), "When did the pair marry quietly?", "1932")]
    [DataRow("It/pps stopped/vbd in/in May/np ./.", nameof(QuestionKind.When), "When did it stop?", "May")]
    [DataRow("They/ppss went/vbd to/in Rome/np ./.", nameof(QuestionKind.Where), "Where did they go?", "Rome")]
    [DataRow("He/pps was/bedz born/vbn in/in New/jj-tl York/np ./.", nameof(QuestionKind.Where), "Where was he born?", "New York")]
    public void A_sentence_gets_its_question(string tagged, string kind, string? expected, string? answer)
    {
        var sentence = BrownFile.Read("ca01", new StringReader(tagged)).Sentences.Single();
        var question = Rules.Ask(sentence).SingleOrDefault(q => q.Kind.ToString() == kind);
        Assert.AreEqual(expected, question is null ? null : new PrintedText().Add(question.Words).Text);
        Assert.AreEqual(answer, question is null ? null : string.Join(' ', sentence.Words.Skip(question.First).Take(question.Count)));
    }

    [TestMethod]
    [DataRow("and/cc then/rb it/pps ended/vbd ./.")]
    [DataRow("The/at wife/nn of/in Palmer/np won/vbd ./.")]
    [DataRow("in/in 1932/cd years/nns passed/vbd ./.")]
    [DataRow("It/pps floated/vbd to/in Rome/np ./.")]
    [DataRow("University/nn-tl of/in Oregon/np won/vbd it/ppo ./.")]
    public void A_sentence_without_a_clause_of_these_kinds_gets_none(string tagged) =>
        Assert.IsEmpty(Rules.Ask(BrownFile.Read("ca01", new StringReader(tagged)).Sentences.Single()));

    [TestMethod]
    public void Words_are_printed_as_text()
    {
        var text = new PrintedText().Add("``", "Yes", ",", "''", "he", "said", "(", "twice", ")", ".", "Then", "he", "left", ".");
        Assert.AreEqual("\"Yes,\" he said (twice). Then he left.", text.Text);
        var (start, end) = text.PlaceOf(4, 2);
        Assert.AreEqual("he said", text.Text[start..end]);
    }

    [TestMethod]
    public void Every_answer_is_at_its_place_and_once_in_its_context()
    {
        string samples = typeof(QuestionRulesTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "SampleFolder").Value!;
        string path = Path.Combine(samples, "TokenClassification", "Data", Path.GetFileName(BrownCorpus.DefaultPath));
        var questions = QuestionSet.Of(BrownCorpus.Read(path));
        Assert.IsGreaterThan(9_000, questions.Train.Count);
        Assert.IsGreaterThan(900, questions.Test.Count);
        foreach (var (_, row) in questions.Train.Concat(questions.Test))
        {
            Assert.AreEqual(row.TrainingAnswer, row.Context.Substring(row.AnswerIndex, row.TrainingAnswer.Length));
            Assert.AreEqual(row.AnswerIndex, row.Context.LastIndexOf(row.TrainingAnswer, StringComparison.Ordinal));
            Assert.EndsWith("?", row.Question);
            // Three special tokens are between and around them.
            Assert.IsLessThanOrEqualTo(253, Encoding.UTF8.GetByteCount(row.Context + row.Question), row.Context);
        }

        var contexts = questions.Train.Select(q => q.Row.Context).ToHashSet();
        Assert.IsFalse(questions.Test.Any(q => contexts.Contains(q.Row.Context)));
    }

    [TestMethod]
    [DataRow("Who won the first round?", "The day after, Arnold Palmer won it.", "Arnold Palmer")]
    [DataRow("How many sons does the text name?", "He has Three sons and 2 cars.", "Three")]
    [DataRow("When was it built?", "It was built in 1932 by Smith.", "1932")]
    [DataRow("Where was he born?", "He was born in New York in May.", "New York")]
    [DataRow("Who or what approved it?", "All saw that the committee approved it.", "the committee")]
    [DataRow("When was it built?", "Nobody knows.", "")]
    public void The_baseline_takes_the_first_candidate(string question, string context, string expected) =>
        Assert.AreEqual(expected, FirstCandidate.Answer(question, context));
}
