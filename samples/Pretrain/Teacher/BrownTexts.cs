using System.Text.RegularExpressions;
using TokenClassification;

namespace Pretrain.Teacher;

/// <summary>The sentences of the Brown corpus as they are printed, without spaces before marks.</summary>
internal static partial class BrownTexts
{
    /// <summary>
    /// The sentences that the sample TokenClassification trains on, or those that it tests with: every tenth file, the last of each ten.
    /// </summary>
    /// <param name="test">Whether the test sentences are wanted.</param>
    public static IEnumerable<string> Read(bool test) =>
        BrownCorpus.Read(BrownCorpus.DefaultPath).Where((_, i) => i % 10 == 9 == test)
            .SelectMany(file => file.Sentences).Select(sentence => Print(sentence.Text));

    private static string Print(string text) =>
        AfterMark().Replace(BeforeMark().Replace(text.Replace("``", "\"").Replace("''", "\""), "$1"), "$1");

    [GeneratedRegex(@" ([,.;:?!)\]])")]
    private static partial Regex BeforeMark();

    [GeneratedRegex(@"([(\[]) ")]
    private static partial Regex AfterMark();
}
