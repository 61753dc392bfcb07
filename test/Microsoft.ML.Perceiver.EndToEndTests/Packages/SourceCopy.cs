namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>The sources of the packages in a folder of their own.</summary>
internal static class SourceCopy
{
    /// <summary>Copies the files as they are in the work tree, as one commit that is the same in every folder.</summary>
    /// <param name="folder">Where to.</param>
    internal static void Make(string folder)
    {
        string repository = PackageFeed.Setting("RepositoryFolder");
        string files = DotNetCommand.RunProgram("git", repository, "ls-files", "-co", "--exclude-standard", "-z");
        foreach (string file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            string source = Path.Combine(repository, file), copy = Path.Combine(folder, file);
            // A file that is deleted and not yet committed is listed too; tests and samples are no part of a package.
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

    /// <summary>Packs such a copy with eng/pack.sh, without AutoML, into its folder out.</summary>
    /// <param name="folder">The copy.</param>
    /// <param name="arguments">Further arguments.</param>
    /// <returns>The packages' files.</returns>
    internal static string[] Pack(string folder, params string[] arguments)
    {
        string output = Path.Combine(folder, "out");
        string[] command = ["eng/pack.sh", "--output", output, "--without", "Microsoft.ML.Perceiver.AutoML", .. arguments];
        DotNetCommand.RunProgram("bash", folder, command);
        return Directory.GetFiles(output);
    }
}
