using TokenClassification;

namespace QuestionAnswering;

/// <summary>Finds the infinitive of a verb in the past, among the infinitives of the corpus.</summary>
/// <param name="infinitives">The infinitives that there are.</param>
internal sealed class VerbForms(IEnumerable<string> infinitives)
{
    private static readonly Dictionary<string, string> Irregular = new()
    {
        ["became"] = "become",
        ["began"] = "begin",
        ["bought"] = "buy",
        ["brought"] = "bring",
        ["built"] = "build",
        ["came"] = "come",
        ["drew"] = "draw",
        ["drove"] = "drive",
        ["fell"] = "fall",
        ["felt"] = "feel",
        ["flew"] = "fly",
        ["fought"] = "fight",
        ["found"] = "find",
        ["gave"] = "give",
        ["got"] = "get",
        ["grew"] = "grow",
        ["heard"] = "hear",
        ["held"] = "hold",
        ["kept"] = "keep",
        ["knew"] = "know",
        ["lay"] = "lie",
        ["led"] = "lead",
        ["left"] = "leave",
        ["lost"] = "lose",
        ["made"] = "make",
        ["met"] = "meet",
        ["ran"] = "run",
        ["rode"] = "ride",
        ["rose"] = "rise",
        ["sang"] = "sing",
        ["sat"] = "sit",
        ["saw"] = "see",
        ["sent"] = "send",
        ["set"] = "set",
        ["shot"] = "shoot",
        ["slept"] = "sleep",
        ["sold"] = "sell",
        ["spent"] = "spend",
        ["spoke"] = "speak",
        ["stood"] = "stand",
        ["taught"] = "teach",
        ["thought"] = "think",
        ["threw"] = "throw",
        ["told"] = "tell",
        ["took"] = "take",
        ["went"] = "go",
        ["won"] = "win",
        ["wrote"] = "write",
    };

    private readonly HashSet<string> _infinitives = [.. infinitives];

    /// <summary>Takes the infinitives of texts.</summary>
    /// <param name="files">The texts.</param>
    public static VerbForms Of(IEnumerable<BrownFile> files) => new(
        files.SelectMany(f => f.Sentences).SelectMany(s => s.Words.Zip(s.Tags)).Where(w => w.Second == "VB").Select(w => w.First));

    /// <summary>The infinitive; null where it is not known.</summary>
    /// <param name="past">The verb in the past.</param>
    public string? Infinitive(string past)
    {
        if (Irregular.GetValueOrDefault(past) is { } known)
            return known;
        if (!past.EndsWith("ed", StringComparison.Ordinal) || past.Length < 5)
            return null;
        string stem = past[..^2];
        string[] candidates =
        [
            stem.EndsWith('i') ? stem[..^1] + "y" : stem + "e",
            stem,
            stem[^1] == stem[^2] ? stem[..^1] : stem,
        ];
        return candidates.FirstOrDefault(_infinitives.Contains);
    }
}
