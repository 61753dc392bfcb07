using TokenClassification;

namespace QuestionAnswering;

/// <summary>
/// Makes questions of sentences by their parts of speech: what a clause tells about somebody or something is asked for, in the words of
/// the clause.
/// </summary>
/// <param name="verbs">Gives the infinitives that questions with "did" need.</param>
internal sealed class QuestionRules(VerbForms verbs)
{
    private static readonly HashSet<string> Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
        "Jan.", "Feb.", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
    ];

    private static readonly HashSet<string> PlacePrepositions = ["in", "at", "from", "to", "near"];
    private static readonly HashSet<string> TimePrepositions = ["in", "on", "since", "until", "by"];

    /// <summary>The questions of a sentence, at most one of each rule.</summary>
    /// <param name="sentence">The sentence, with the base tags of the Brown corpus.</param>
    public IEnumerable<Question> Ask(TaggedSentence sentence)
    {
        var clause = new Clause(sentence);
        Func<Clause, int, Question?>[] rules = [Who, WhoIs, Whose, What, HowMany, When, Where];
        return rules.Select(rule => Enumerable.Range(0, clause.Length).Select(i => rule(clause, i)).FirstOrDefault(q => q is not null))
            .OfType<Question>();
    }

    // "Palmer won the first round": who won the first round?
    private static Question? Who(Clause clause, int i)
    {
        int name = clause.NameLength(i);
        return name > 0 && clause.BeginsClause(i) ? OfSubject(QuestionKind.Who, clause, i, name, "Who") : null;
    }

    // "Palmer, president of the club,": who is president of the club?
    private static Question? WhoIs(Clause clause, int i)
    {
        int name = clause.NameLength(i);
        int office = i + name + 1;
        bool hasOffice = clause.Tag(office - 1) == "," && clause.Tag(office) == "NN" && clause.Tag(office + 1) == "IN";
        if (name < 2 || !clause.BeginsClause(i) || !hasOffice)
            return null;
        string[] rest = clause.RestOfClause(office);
        bool isWhole = office + rest.Length < clause.Length && clause.IsMark(office + rest.Length);
        return rest.Length > 2 && isWhole ? new Question(QuestionKind.Who, ["Who", "is", .. rest, "?"], i, name) : null;
    }

    // "Palmer's caddy walked to the hole": whose caddy walked to the hole?
    private static Question? Whose(Clause clause, int i)
    {
        int name = clause.NameLength(i);
        int owned = i + name + 1;
        if (!clause.BeginsClause(i) || clause.Tag(owned - 1) != "NP$" || clause.Tag(owned) is not ("NN" or "NNS"))
            return null;
        return OfSubject(QuestionKind.Whose, clause, i, name + 1, ["Whose", clause.Word(owned)], owned + 1);
    }

    // "The committee approved the plan": who or what approved the plan?
    private static Question? What(Clause clause, int i)
    {
        int noun = clause.NounLength(i);
        return noun > 0 && clause.BeginsClause(i) ? OfSubject(QuestionKind.What, clause, i, noun, "Who", "or", "what") : null;
    }

    // "Three men were killed": how many men were killed? "He has three sons": how many sons does the text name?
    private static Question? HowMany(Clause clause, int i)
    {
        bool isCount = clause.Tag(i) == "CD" && char.IsLetterOrDigit(clause.Word(i)[0]) && !IsYear(clause.Word(i));
        if (!isCount || clause.Tag(i - 1) is "CD" or "NP")
            return null;
        int end = i + 1;
        while (clause.Tag(end) is "JJ" or "NN")
            end++;
        if (clause.Tag(end) != "NNS" || end - i > 3)
            return null;
        string[] asked = ["How", "many", .. clause.Inside(i + 1, end - i)];
        return (clause.BeginsClause(i) ? OfSubject(QuestionKind.HowMany, clause, i, 1, asked, end + 1) : null)
            ?? new Question(QuestionKind.HowMany, [.. asked, "does", "the", "text", "name", "?"], i, 1);
    }

    // "The bridge was built in 1932": when was the bridge built?
    private Question? When(Clause clause, int i) => OfCircumstance(
        QuestionKind.When,
        clause,
        i,
        place => TimePrepositions.Contains(clause.Word(place)) ? TimeLength(clause, place + 1) : 0);

    // "He moved to Boston": where did he move?
    private Question? Where(Clause clause, int i) => OfCircumstance(
        QuestionKind.Where,
        clause,
        i,
        place => PlacePrepositions.Contains(clause.Word(place)) && TimeLength(clause, place + 1) == 0 ? clause.NameLength(place + 1) : 0);

    // The answer is behind a preposition; the question has what is between it and the verb.
    private Question? OfCircumstance(QuestionKind kind, Clause clause, int i, Func<int, int> answerLength)
    {
        int subject = clause.SubjectLength(i);
        int verb = i + subject;
        if (subject == 0 || !clause.BeginsClause(i) || verb >= clause.Length)
            return null;
        string? infinitive = clause.Tag(verb) == "VBD" ? verbs.Infinitive(clause.Word(verb)) : null;
        if (infinitive is null && !clause.IsAuxiliary(verb))
            return null;
        for (int place = verb + 1; place < Math.Min(clause.Length - 1, verb + 9) && !clause.IsMark(place); place++)
        {
            int answer = clause.Tag(place) == "IN" && (infinitive is not null || place > verb + 1) ? answerLength(place) : 0;
            if (answer == 0)
                continue;
            string[] middle = place > verb + 1 ? clause.Inside(verb + 1, place - verb - 1) : [];
            string[] predicate = infinitive is null ? middle : [infinitive, .. middle];
            string auxiliary = infinitive is null ? clause.Word(verb) : "did";
            return new Question(
                kind, [kind.ToString(), auxiliary, .. clause.Inside(i, subject), .. predicate, "?"], place + 1, answer);
        }

        return null;
    }

    private static int TimeLength(Clause clause, int i)
    {
        if (clause.Tag(i) == "CD" && IsYear(clause.Word(i)))
            return 1;
        if (clause.Tag(i) == "NR")
            return 1;
        return Months.Contains(clause.Word(i)) ? clause.Tag(i + 1) == "CD" ? 2 : 1 : 0;
    }

    private static bool IsYear(string word) => word.Length == 4 && word[0] == '1' && word.All(char.IsAsciiDigit);

    private static Question? OfSubject(QuestionKind kind, Clause clause, int first, int count, params string[] asked) =>
        OfSubject(kind, clause, first, count, asked, first + count);

    private static Question? OfSubject(QuestionKind kind, Clause clause, int first, int count, string[] asked, int verb)
    {
        int finite = clause.Tag(verb) == "RB" ? verb + 1 : verb;
        if (!clause.IsFiniteVerb(finite))
            return null;
        string[] rest = clause.RestOfClause(verb);
        return rest.Length > finite - verb + 1 ? new Question(kind, [.. asked, .. rest, "?"], first, count) : null;
    }
}
