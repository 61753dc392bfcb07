using System.Reflection;
using Microsoft.ML.Perceiver.EndToEndTests.Docs;

namespace Microsoft.ML.Perceiver.AI.Tests;

/// <summary>The programs of the package's page and of docs/sentence-embeddings.md run.</summary>
[TestClass]
public sealed class PackagePageTests
{
    private const string Heading = "## Microsoft.Extensions.AI";

    private static string Root =>
        typeof(PackagePageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!;

    private static IReadOnlyList<string> GuideBlocks
    {
        get
        {
            string page = File.ReadAllText(Path.Combine(Root, "docs", "sentence-embeddings.md"));
            string section = page[page.IndexOf(Heading + "\n", StringComparison.Ordinal)..];
            return PageCode.Blocks(section[..section.IndexOf("\n## ", StringComparison.Ordinal)], "csharp");
        }
    }

    [TestMethod]
    public void The_packages_program_finds_one_of_its_texts()
    {
        string page = File.ReadAllText(Path.Combine(Root, "src", "Microsoft.ML.Perceiver.AI", "PACKAGE.md"));
        Assert.HasCount(1, Found(PageCode.Blocks(page, "csharp").Single()));
    }

    [TestMethod]
    public void The_guides_program_finds_two_of_its_texts()
    {
        string[] found = Found(GuideBlocks[0]);
        Assert.HasCount(2, found);
        Assert.AreNotEqual(found[0], found[1]);
    }

    [TestMethod]
    public void The_guides_other_lines_compile()
    {
        const string before = """
            using Microsoft.Extensions.AI;
            using Microsoft.Extensions.DependencyInjection;
            using Microsoft.ML.Perceiver;

            var services = new ServiceCollection();

            """;
        var blocks = GuideBlocks;
        Assert.HasCount(3, blocks);
        foreach (string block in blocks.Skip(1))
            Assert.AreEqual("", PageCode.Errors(PageCode.Compile(before + block)), block);
    }

    // What a program writes: texts that stand in it.
    private static string[] Found(string program)
    {
        using var folder = new TemporaryFolder();
        string[] found = PageCode.Run(program, folder.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        foreach (string text in found)
            StringAssert.Contains(program, $"\"{text}\"");
        return found;
    }
}
