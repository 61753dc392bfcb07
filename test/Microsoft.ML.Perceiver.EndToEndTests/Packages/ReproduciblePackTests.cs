using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>The same sources give the same packages, wherever they are built.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class ReproduciblePackTests
{
    [TestMethod]
    public void Packages_built_in_two_folders_have_the_same_entries_byte_for_byte()
    {
        using var folder = new TemporaryFolder();
        var first = Pack(folder["first"]);
        var second = Pack(folder["another/second"]);
        // Libraries, programs' targets, icons, models and READMEs of all projects, and their symbols.
        Assert.IsGreaterThan(PackageFeed.Projects.Count * 10, first.Count);
        string[] different = [.. first.Keys.Union(second.Keys).Where(e => first.GetValueOrDefault(e) != second.GetValueOrDefault(e))];
        Assert.IsEmpty(different, string.Join(Environment.NewLine, different));
    }

    /// <summary>Packs a copy of the sources in a folder of its own: each entry's hash. Only the time in the zip is left out.</summary>
    private static Dictionary<string, string> Pack(string folder)
    {
        SourceCopy.Make(folder);
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string package in SourceCopy.Pack(folder))
        {
            using var file = new PackageFile(package);
            foreach (string entry in file.Names)
                entries.Add($"{Path.GetFileName(package)}: {entry}", Convert.ToHexStringLower(SHA256.HashData(file.Bytes(entry))));
        }

        return entries;
    }
}
