namespace Pretrain.Teacher;

/// <summary>The definitions and examples of WordNet 3.0, as Debian's package wordnet-base has them (<c>data.noun</c> and so on).</summary>
internal static class WordNet
{
    /// <summary>Each meaning as its first word and its definition, "swindle: deprive of by deceit", and the examples.</summary>
    /// <param name="folder">The folder of the files.</param>
    public static IEnumerable<string> Read(string folder)
    {
        string[] kinds = ["noun", "verb", "adj", "adv"];
        foreach (string line in kinds.SelectMany(kind => File.ReadLines(Path.Combine(folder, "data." + kind))))
        {
            // The licence stands in front, each of its lines behind two spaces.
            int gloss = line.IndexOf("| ", StringComparison.Ordinal);
            if (line.StartsWith(' ') || gloss < 0)
                continue;
            string word = line.Split(' ')[4].Split('(')[0].Replace('_', ' ');
            string[] parts = line[(gloss + 2)..].Split("; \"");
            yield return $"{word}: {parts[0].Trim()}";
            foreach (string example in parts.Skip(1))
                yield return example.Split('"')[0].Trim();
        }
    }
}
