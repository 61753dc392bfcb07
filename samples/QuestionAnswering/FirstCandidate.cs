using System.Text.RegularExpressions;

namespace QuestionAnswering;

/// <summary>
/// What the answers are compared with: the first part of the context that looks like what the question word asks for, whatever else the
/// question says.
/// </summary>
internal static partial class FirstCandidate
{
    /// <summary>The answer; empty where the context has no candidate.</summary>
    /// <param name="question">The question.</param>
    /// <param name="context">The context.</param>
    public static string Answer(string question, string context)
    {
        var candidates = question switch
        {
            _ when question.StartsWith("Who or what", StringComparison.Ordinal) => Noun(),
            _ when question.StartsWith("How many", StringComparison.Ordinal) => Number(),
            _ when question.StartsWith("When", StringComparison.Ordinal) => Time(),
            _ when question.StartsWith("Where", StringComparison.Ordinal) => Place(),
            _ => Name(),
        };
        var match = candidates.Match(context);
        return match.Success ? match.Groups["answer"].Value : "";
    }

    // A name at a sentence's beginning looks like any other word there, so that common ones are left out.
    [GeneratedRegex(
        @"\b(?<answer>(?!(?:The|A|An|In|He|She|It|They|We|But|And|This|That|There|His|Her|At|On|I|For|As|If|When|You)\b)"
        + @"[A-Z][\w.]*(?: [A-Z][\w.]*)*)")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?<answer>[Tt]he \w+)")]
    private static partial Regex Noun();

    [GeneratedRegex(
        @"\b(?<answer>\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Number();

    [GeneratedRegex(
        @"\b(?<answer>1\d{3}|(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d+)?"
        + @"|[A-Z][a-z]+day)\b")]
    private static partial Regex Time();

    [GeneratedRegex(@"\b(?:in|at|from|to|near) (?<answer>[A-Z][\w.]*(?: [A-Z][\w.]*)*)")]
    private static partial Regex Place();
}
