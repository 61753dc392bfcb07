namespace Microsoft.ML.Perceiver.Tests.Architecture;

/// <summary>What the style asks of the lines of all source files, wherever the compiler does not look.</summary>
[TestClass]
public sealed class SourceLineTests
{
    private const int MostColumns = 140;
    private const string Solution = "Microsoft.ML.Perceiver.sln";
    private static readonly string[] s_folders = ["src", "test", "samples", "eng"];
    private static readonly string[] s_built = ["bin", "obj"];
    private static readonly string[] s_extensions = [".cs", ".sh", ".props", ".targets"];

    [TestMethod]
    public void No_line_is_longer_than_140_columns()
    {
        string root = RepositoryFolder();
        string[] files = [.. Sources(new DirectoryInfo(root))];
        // The walk finds what it is to read: code of each folder, a script, and a file of the root.
        foreach (string expected in (string[])["Directory.Build.props", "eng/samples.sh", .. s_folders.Select(f => f + "/")])
            Assert.IsTrue(files.Any(f => Relative(root, f).StartsWith(expected, StringComparison.Ordinal)), $"'{expected}' was not found below '{root}'.");

        string[] tooLong = [.. files.SelectMany(file => LongLines(file).Select(line => $"{Relative(root, file)}:{line.Number}: {line.Columns} columns"))];
        if (tooLong.Length > 0)
            Assert.Fail($"{tooLong.Length} lines have more than {MostColumns} columns:{Environment.NewLine}{string.Join(Environment.NewLine, tooLong)}");
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
        SourcesIn(root).Concat(s_folders.SelectMany(folder => SourcesBelow(new DirectoryInfo(Path.Combine(root.FullName, folder)))));

    private static IEnumerable<string> SourcesBelow(DirectoryInfo folder) =>
        SourcesIn(folder).Concat(folder.EnumerateDirectories().Where(f => !s_built.Contains(f.Name)).SelectMany(SourcesBelow));

    private static IEnumerable<string> SourcesIn(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(f => s_extensions.Contains(f.Extension)).Select(f => f.FullName);

    private static string Relative(string root, string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    // The tests run from a folder below the project's.
    private static string RepositoryFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Solution)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No folder above '{AppContext.BaseDirectory}' has '{Solution}'.");
    }
}
