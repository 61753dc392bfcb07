namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>What the style asks of the lines of all source files, wherever the compiler does not look.</summary>
[TestClass]
public sealed class SourceLineTests
{
    private const int MostColumns = 140;
    private static readonly string[] Folders = ["src", "test", "samples", "templates", "eng"];
    private static readonly string[] Built = ["bin", "obj"];
    private static readonly string[] Extensions = [".cs", ".sh", ".props", ".targets"];

    [TestMethod]
    public void No_line_is_longer_than_140_columns()
    {
        string[] files = [.. Sources(new DirectoryInfo(SourceMap.Root))];
        // The walk finds what it is to read: code of each folder, a script, and a file of the root.
        foreach (string expected in (string[])["Directory.Build.props", "eng/samples.sh", .. Folders.Select(folder => folder + "/")])
            Assert.IsTrue(files.Any(file => Relative(file).StartsWith(expected, StringComparison.Ordinal)), $"'{expected}' was not found.");

        var tooLong = files.SelectMany(file => LongLines(file).Select(line => $"{Relative(file)}:{line.Number}: {line.Columns} columns"));
        string list = string.Join(Environment.NewLine, tooLong);
        Assert.AreEqual("", list, $"Lines have more than {MostColumns} columns.");
    }

    private static IEnumerable<(int Number, int Columns)> LongLines(string file)
    {
        int number = 0;
        foreach (string line in File.ReadLines(file))
        {
            number++;
            if (line.Length > MostColumns)
                yield return (number, line.Length);
        }
    }

    // The root's own files, and all below the folders of sources but what a build has written.
    private static IEnumerable<string> Sources(DirectoryInfo root) =>
        SourcesIn(root).Concat(Folders.SelectMany(folder => SourcesBelow(new DirectoryInfo(Path.Combine(root.FullName, folder)))));

    private static IEnumerable<string> SourcesBelow(DirectoryInfo folder) =>
        SourcesIn(folder).Concat(folder.EnumerateDirectories().Where(f => !Built.Contains(f.Name)).SelectMany(SourcesBelow));

    private static IEnumerable<string> SourcesIn(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(f => Extensions.Contains(f.Extension)).Select(f => f.FullName);

    private static string Relative(string file) => Path.GetRelativePath(SourceMap.Root, file).Replace('\\', '/');
}
