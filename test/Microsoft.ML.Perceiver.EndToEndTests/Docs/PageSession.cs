using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Perceiver.EndToEndTests.Packages;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>
/// A page followed from top to bottom by one shell: its bash blocks are run, blocks below a line "File `NAME`:" are written to that file,
/// files that it tells the reader to put into a folder are put there, and a text block below a bash block is what that wrote.
/// </summary>
internal sealed partial class PageSession
{
    private const string Marker = "----- next block -----";
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.Singleline;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(40);
    private readonly string _page;
    private readonly string _folder;

    public PageSession(string page, string folder) => (_page, _folder) = (page, folder);

    /// <summary>The blocks of the page that are followed, in their order.</summary>
    public static IReadOnlyList<(string? File, string Language, string Text)> Blocks(string page) =>
        [.. Block().Matches(page).Select(m => (m.Groups[1].Success ? m.Groups[1].Value : null, m.Groups[2].Value, m.Groups[3].Value))];

    /// <summary>Follows the page with this build's packages; gives what each bash block wrote with what the page shows.</summary>
    public IReadOnlyList<(string Commands, string Shown, string Written)> Run()
    {
        File.WriteAllText(Path.Combine(_folder, "NuGet.config"), $"""
            <configuration><packageSources><add key="perceiver" value="{PackageFeed.Folder}" /></packageSources></configuration>
            """);
        var (script, shown) = Script();
        string output = Execute(script);
        string[] written = output.Split(Marker + "\n");
        Assert.HasCount(shown.Count + 1, written, output);
        return [.. shown.Select((s, i) => (s.Commands, s.Shown, written[i + 1]))];
    }

    // Files are written when their turn comes, into the folder that the commands before have gone to.
    private (string Script, List<(string Commands, string Shown)> Shown) Script()
    {
        var script = new StringBuilder("set -e\n");
        var shown = new List<(string Commands, string Shown)>();
        int number = 0;
        foreach (Match match in Step().Matches(_page))
        {
            if (match.Groups["put"].Success)
            {
                string source = Path.GetFullPath(Path.Combine(RepositoryDocs, match.Groups["put"].Value));
                script.AppendLine($"cp '{source}' .");
                continue;
            }

            var (file, language, text) = Blocks(match.Value).Single();
            if (file is not null)
            {
                string kept = Path.Combine(_folder, $".block-{number++}");
                File.WriteAllText(kept, text);
                script.AppendLine($"cp '{kept}' '{file}'");
            }
            else if (language == "bash")
            {
                script.AppendLine($"echo '{Marker}'").Append(text);
                shown.Add((text, ""));
            }
            else if (language == "text")
            {
                shown[^1] = (shown[^1].Commands, text);
            }
        }

        return (script.ToString(), shown);
    }

    private static string RepositoryDocs => Path.Combine(DocumentationTests.Root, "docs");

    private string Execute(string script)
    {
        // Servers that the page leaves running end with the shell's process group.
        File.WriteAllText(Path.Combine(_folder, ".script"), script);
        var start = new ProcessStartInfo("setsid", ["--wait", "bash", Path.Combine(_folder, ".script")])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What a test run tells its own builds is not for these.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        start.Environment["NUGET_PACKAGES"] = Path.Combine(_folder, ".packages");
        start.Environment["NUGET_FALLBACK_PACKAGES"] = PackageFeed.OtherPackages;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        bool ended = process.WaitForExit(Patience);
        if (!ended)
            process.Kill(entireProcessTree: true);
        Assert.IsTrue(ended && process.ExitCode == 0, output.Result + error.Result);
        return output.Result;
    }

    [GeneratedRegex(@"^Put \[[^\]]+\]\((?<put>[^)]+)\)|(?:^File `[^`]+`:\n\n)?^```[a-z]+\n.*?^```", Lines)]
    private static partial Regex Step();

    [GeneratedRegex(@"(?:^File `([^`]+)`:\n\n)?^```([a-z]+)\n(.*?)^```", Lines)]
    private static partial Regex Block();
}
