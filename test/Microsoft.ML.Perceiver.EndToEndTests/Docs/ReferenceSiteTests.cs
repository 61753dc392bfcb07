using Microsoft.ML.Perceiver.EndToEndTests.Gpu;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>The reference site is built without a warning, and has the catalog's examples.</summary>
[TestClass]
public sealed class ReferenceSiteTests
{
    // Some minutes, for docfx compiles the sources itself.
    [TestMethod]
    [TestCategory("LongRunning")]
    public void The_site_is_built_without_a_warning()
    {
        var run = ShellRun.Of(Path.Combine(DocumentationTests.Root, "eng", "docs.sh"), []);
        Assert.AreEqual(0, run.ExitCode, run.Output + run.Error);
        string site = Path.Combine(DocumentationTests.Root, "artifacts", "docs", "site");
        string catalog = File.ReadAllText(Path.Combine(site, "api", "Microsoft.ML.PerceiverCatalog.html"));
        int methods = typeof(PerceiverCatalog).GetMethods().Count(m => m.DeclaringType == typeof(PerceiverCatalog));
        Assert.HasCount(methods + 1, catalog.Split("Examples</h4>"));
        Assert.IsTrue(File.Exists(Path.Combine(site, "docs", "getting-started.html")));
    }
}
