namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>Packages with names that begin with another prefix, as who may not publish names with Microsoft. makes them.</summary>
[TestClass]
public sealed class PackageNameTests
{
    private const string Prefix = "Acme.Perceiver", Default = "Microsoft.ML.Perceiver";

    private static readonly string[] Commands = ["dotnet add package ", "dotnet new install "];

    [TestMethod]
    [TestCategory("LongRunning")]
    public void All_packages_have_the_prefix_and_depend_on_each_other_by_it()
    {
        using var folder = new TemporaryFolder();
        SourceCopy.Make(folder["sources"]);
        string[] packed = SourceCopy.Pack(folder["sources"], "--id-prefix", Prefix);
        string[] packages = [.. packed.Where(f => f.EndsWith(".nupkg", StringComparison.Ordinal))];
        string[] expected = [.. PackageFeed.Projects.Append(PackageFeed.Templates).Select(Renamed).Order(StringComparer.Ordinal)];
        var ids = new List<string>();
        foreach (string package in packages)
        {
            using var file = new PackageFile(package);
            string id = file.Value("id");
            ids.Add(id);
            Assert.AreEqual($"{id}.{PackageFeed.Version}.nupkg", Path.GetFileName(package));
            foreach (string dependency in file.Dependencies.Values.SelectMany(d => d))
                Assert.IsFalse(dependency.StartsWith(Default, StringComparison.Ordinal), $"{id} depends on {dependency}.");
            Assert.DoesNotContain(Default, file.Value("description"), id);
            CheckTexts(file, id);
        }

        CollectionAssert.AreEqual(expected, ids.Order(StringComparer.Ordinal).ToArray());
        using var extensions = new PackageFile(Path.Combine(folder["sources"], "out", $"{Prefix}.Extensions.{PackageFeed.Version}.nupkg"));
        foreach (string[] dependencies in extensions.Dependencies.Values)
            CollectionAssert.Contains(dependencies, Prefix);
        using var bundle = new PackageFile(Path.Combine(folder["sources"], "out", $"{Prefix}.Models.{PackageFeed.Version}.nupkg"));
        CollectionAssert.AreEqual(
            expected.Where(e => e.StartsWith(Prefix + ".Models.", StringComparison.Ordinal)).ToArray(), bundle.Dependencies["net10.0"]);
    }

    [TestMethod]
    [DataRow("Acme.")]
    [DataRow("Acme Perceiver")]
    public void A_prefix_that_gives_no_names_is_refused(string prefix)
    {
        string project = Path.Combine(PackageFeed.Setting("RepositoryFolder"), "templates", PackageFeed.Templates);
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<AssertFailedException>(
            () => DotNetCommand.Run(project, "pack", "-o", folder.Path, "-nodeReuse:false", $"-p:PackageIdPrefix={prefix}"));
        StringAssert.Contains(error.Message, $"PackageIdPrefix is '{prefix}'; it must be a name such as Acme.Perceiver");
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    // Assemblies and namespaces keep their names; what is said of packages does not.
    private static void CheckTexts(PackageFile file, string id)
    {
        string readme = file.Text("README.md");
        StringAssert.StartsWith(readme, $"# {id}\n");
        foreach (string line in readme.Split('\n'))
        {
            if (Commands.Any(command => line.StartsWith(command, StringComparison.Ordinal)))
                Assert.DoesNotContain(Default, line, id);
        }

        string[] targets = [.. file.Names.Where(n => n.StartsWith("buildTransitive/", StringComparison.Ordinal))];
        foreach (string target in targets)
            Assert.AreEqual($"buildTransitive/{id}.targets", target);
    }

    private static string Renamed(string project) => project.Replace(Default, Prefix, StringComparison.Ordinal);
}
