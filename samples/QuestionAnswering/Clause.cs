using TokenClassification;

namespace QuestionAnswering;

/// <summary>What the rules ask about a tagged sentence: which words are a name, a verb, the rest of a clause.</summary>
/// <param name="sentence">The sentence, with the base tags of the Brown corpus.</param>
internal sealed class Clause(TaggedSentence sentence)
{
    // Of the rest of a clause, but for a noun or verb that is not parted.
    private const int MostWords = 6;

    // Finite verbs of the third person, and of all persons in the past.
    private static readonly HashSet<string> FiniteVerbs = ["VBD", "VBZ", "BEDZ", "BEZ", "HVD", "HVZ", "DOD", "DOZ", "MD", "BED"];

    // Words that go before the subject in a question.
    private static readonly HashSet<string> Auxiliaries = ["BEDZ", "BED", "BEZ", "BER", "HVD", "HVZ", "MD", "DOD"];

    // A clause may begin behind these.
    private static readonly HashSet<string> Borders = [",", ".", ":", "--", "CC", "CS", "``", "''", "WRB"];

    // A question does not end with these.
    private static readonly HashSet<string> Dangling =
    [
        "AT", "IN", "CC", "TO", "PP$", "JJ", "CS", "CD", "AP", "RB", "DT", "NP$", "NN$", "WDT", "QL",
    ];

    /// <summary>How many words the sentence has.</summary>
    public int Length => sentence.Words.Length;

    /// <summary>A word.</summary>
    /// <param name="i">Its index.</param>
    public string Word(int i) => sentence.Words[i];

    /// <summary>The tag of a word; empty outside of the sentence.</summary>
    /// <param name="i">Its index.</param>
    public string Tag(int i) => i >= 0 && i < Length ? sentence.Tags[i] : "";

    /// <summary>Whether a clause may begin with a word.</summary>
    /// <param name="i">Its index.</param>
    public bool BeginsClause(int i) => i == 0 || Borders.Contains(Tag(i - 1));

    /// <summary>Whether a word is a finite verb.</summary>
    /// <param name="i">Its index.</param>
    public bool IsFiniteVerb(int i) => FiniteVerbs.Contains(Tag(i)) && char.IsAsciiLetterLower(Word(i)[0]);

    /// <summary>Whether a word goes before the subject in a question.</summary>
    /// <param name="i">Its index.</param>
    public bool IsAuxiliary(int i) => Auxiliaries.Contains(Tag(i)) && char.IsAsciiLetterLower(Word(i)[0]);

    /// <summary>How many words from one on are a name; 0 where there is none, or only a part of one.</summary>
    /// <param name="i">The index of the first.</param>
    public int NameLength(int i)
    {
        // Names have other nouns too, as in "Portland University"; a sentence's first word has a capital letter in any case.
        int end = i;
        while (end < Length && char.IsAsciiLetterUpper(Word(end)[0]) && IsOfName(end))
            end++;
        bool isName = Enumerable.Range(i, end - i).Any(k => Tag(k) == "NP");
        bool goesOn = end + 1 < Length && Word(end) is "of" or "&" && char.IsAsciiLetterUpper(Word(end + 1)[0]);
        return isName && !goesOn ? end - i : 0;
    }

    /// <summary>How many words from one on are a noun with its article and what is between them; 0 where there is none.</summary>
    /// <param name="i">The index of the article.</param>
    public int NounLength(int i)
    {
        if (Tag(i) != "AT")
            return 0;
        int end = i + 1;
        while (Tag(end) is "JJ" or "NN" or "VBN" or "AP" or "NP" or "NP$" or "JJT" or "OD" or "NNS")
            end++;
        return Tag(end - 1) is "NN" or "NNS" ? end - i : 0;
    }

    /// <summary>How many words from one on are a subject: a name, a noun with its article, or a pronoun.</summary>
    /// <param name="i">The index of the first.</param>
    public int SubjectLength(int i) => Tag(i) is "PPS" or "PPSS" ? 1 : Math.Max(NameLength(i), NounLength(i));

    /// <summary>The words from one on up to the end of the clause, a few of them; none that needs another word is the last.</summary>
    /// <param name="i">The index of the first.</param>
    public string[] RestOfClause(int i)
    {
        int end = i;
        while (end < Length && !IsMark(end) && (end - i < MostWords || Tag(end) is "NN" or "NNS" or "NP" or "VBN"))
            end++;
        while (end > i && Dangling.Contains(Tag(end - 1)))
            end--;
        return sentence.Words[i..end];
    }

    /// <summary>Words as they stand inside of a sentence: the first one in lower case unless it is a name.</summary>
    /// <param name="i">The index of the first.</param>
    /// <param name="count">How many words.</param>
    public string[] Inside(int i, int count)
    {
        string[] words = sentence.Words[i..(i + count)];
        if (Tag(i) is not ("NP" or "NP$") && words[0] != "I")
            words[0] = char.ToLowerInvariant(words[0][0]) + words[0][1..];
        return words;
    }

    /// <summary>Whether a word is a mark that ends a clause.</summary>
    /// <param name="i">Its index.</param>
    public bool IsMark(int i) => !char.IsLetterOrDigit(Word(i)[0]) && Word(i)[0] != '$';

    private bool IsOfName(int i) => Tag(i) is "NP" or "NPS" || i > 0 && Tag(i) is "NN" or "NNS" or "JJ";
}
