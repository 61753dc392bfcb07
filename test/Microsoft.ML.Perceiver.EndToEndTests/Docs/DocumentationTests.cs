using System.Reflection;
using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>What README and docs say of other files is true.</summary>
[TestClass]
public sealed partial class DocumentationTests
{
    internal static string Root => typeof(DocumentationTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryFolder").Value!;

    private static IEnumerable<string> Pages =>
        [Path.Combine(Root, "README.md"), .. Directory.GetFiles(Path.Combine(Root, "docs"), "*.md")];

    [TestMethod]
    public void Links_lead_to_files()
    {
        foreach (string page in Pages)
        {
            var targets = Links().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value);
            foreach (string target in targets.Where(t => !t.Contains("://", StringComparison.Ordinal)))
            {
                string file = Path.Combine(Path.GetDirectoryName(page)!, target);
                Assert.IsTrue(File.Exists(file), $"{page} links to '{target}'.");
            }
        }
    }

    [TestMethod]
    public void Every_page_is_linked_from_the_README()
    {
        string readme = File.ReadAllText(Path.Combine(Root, "README.md"));
        foreach (string page in Pages.Skip(1))
            StringAssert.Contains(readme, $"(docs/{Path.GetFileName(page)})", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Files_in_backticks_exist()
    {
        foreach (string page in Pages)
        {
            foreach (string path in Paths().Matches(File.ReadAllText(page)).Select(m => m.Groups[1].Value))
                Assert.IsTrue(Path.Exists(Path.Combine(Root, path)), $"{page} names '{path}'.");
        }
    }

    // Without its fragment, which may be all there is.
    [GeneratedRegex(@"\]\(([^)#\s]+)[^)]*\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"`((?:src|samples|test|eng|docs)/[A-Za-z0-9._/-]+)`")]
    private static partial Regex Paths();
}
