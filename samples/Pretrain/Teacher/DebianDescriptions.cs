namespace Pretrain.Teacher;

/// <summary>The descriptions of Debian's packages, from the list that <c>apt-get update</c> downloads (Translation-en).</summary>
internal static class DebianDescriptions
{
    // Thousands of sentences differ in the name of a package alone.
    private const int SameBeginning = 40;
    private const int WordsOfBeginning = 4;

    /// <summary>The first lines and the sentences of the descriptions, few of those that begin alike.</summary>
    /// <param name="path">The list, uncompressed.</param>
    public static IEnumerable<string> Read(string path)
    {
        var beginnings = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (string text in ReadAll(path))
        {
            string beginning = string.Join(' ', text.Split(' ').Take(WordsOfBeginning));
            int count = beginnings.GetValueOrDefault(beginning);
            beginnings[beginning] = count + 1;
            if (count < SameBeginning)
                yield return text;
        }
    }

    private static IEnumerable<string> ReadAll(string path)
    {
        var paragraph = new List<string>();
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith("Description-en:", StringComparison.Ordinal))
            {
                yield return Sentences.Normalize(line[15..]);
                continue;
            }

            // Lines that two spaces begin are lists and tables; a point alone is an empty line.
            bool isText = line.Length > 2 && line[0] == ' ' && line[1] is not (' ' or '.');
            if (isText)
            {
                paragraph.Add(line);
                continue;
            }

            foreach (string sentence in Sentences.Of(string.Join(' ', paragraph)))
                yield return sentence;
            paragraph.Clear();
        }
    }
}
