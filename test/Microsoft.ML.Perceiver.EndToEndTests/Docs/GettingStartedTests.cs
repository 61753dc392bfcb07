using Microsoft.ML.Perceiver.EndToEndTests.Packages;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>docs/getting-started.md leads from an empty folder to a served model.</summary>
[TestClass]
public sealed class GettingStartedTests
{
    // What ImplicitUsings gives a web project besides those of a console project.
    private const string WebUsings = """
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        """;

    private static string Page => File.ReadAllText(Path.Combine(DocumentationTests.Root, "docs", "getting-started.md"));

    [TestMethod]
    public void Its_programs_compile()
    {
        string[] programs = [.. PageSession.Blocks(Page).Where(b => b.Language == "csharp").Select(b => b.Text)];
        Assert.HasCount(3, programs);
        foreach (string program in programs)
        {
            // The compiler leaves lines with packages to the SDK.
            var lines = program.Split('\n').Where(line => !line.StartsWith("#:", StringComparison.Ordinal));
            Assert.AreEqual("", PageCode.Errors(PageCode.Compile(string.Join('\n', lines), WebUsings)), program);
        }
    }

    [TestMethod]
    public void Its_packages_are_of_the_versions_of_this_build()
    {
        Assert.Contains($"#:package Microsoft.ML.Perceiver@{PackageFeed.Version}\n", Page);
        Assert.Contains($"#:package TorchSharp-cpu@{PackageFeed.TorchSharpVersion}\n", Page);
    }

    // Restores half a gigabyte, and trains for some minutes.
    [TestMethod]
    [TestCategory("LongRunning")]
    public void Every_command_runs_and_writes_what_is_shown()
    {
        using var folder = new TemporaryFolder();
        var blocks = new PageSession(Page, folder.Path).Run();
        Assert.HasCount(PageCode.Blocks(Page, "bash").Count, blocks);
        Assert.HasCount(PageCode.Blocks(Page, "text").Count, blocks.Where(b => b.Shown != "").ToArray());
        foreach (var (commands, shown, written) in blocks)
            Assert.Contains(shown.TrimEnd(), written, commands);
    }
}
