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
        Copy(folder);
        DotNetCommand.RunProgram(
            "bash", folder, "eng/pack.sh", "--output", Path.Combine(folder, "out"), "--without", "Microsoft.ML.Perceiver.AutoML");
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string package in Directory.GetFiles(Path.Combine(folder, "out")))
        {
            using var file = new PackageFile(package);
            foreach (string entry in file.Names)
                entries.Add($"{Path.GetFileName(package)}: {entry}", Convert.ToHexStringLower(SHA256.HashData(file.Bytes(entry))));
        }

        return entries;
    }

    /// <summary>The files as they are in the work tree, as one commit that is the same in every folder.</summary>
    private static void Copy(string folder)
    {
        string repository = PackageFeed.Setting("RepositoryFolder");
        string files = DotNetCommand.RunProgram("git", repository, "ls-files", "-co", "--exclude-standard", "-z");
        foreach (string file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string source = Path.Combine(repository, file), copy = Path.Combine(folder, file);
            // A file that is deleted and not yet committed is listed too; tests and data are no part of a package.
            if (!File.Exists(source) || file.Split('/')[0] is "test" or "samples")
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(source, copy);
        }

        void Git(params string[] arguments) => DotNetCommand.RunProgram("git", folder, arguments);
        Git("init", "-q", "-b", "main");
        Git("add", "-A");
        string[] times = ["GIT_AUTHOR_DATE=2000-01-01T00:00:00Z", "GIT_COMMITTER_DATE=2000-01-01T00:00:00Z"];
        string[] author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
        DotNetCommand.RunProgram("env", folder, [.. times, "git", .. author, "commit", "-q", "-m", "all"]);
    }
}
