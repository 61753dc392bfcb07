using System.Collections.Immutable;
using System.IO.Enumeration;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>What each package has and says.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class PackageContentTests
{
    private static readonly string[] Frameworks = ["net10.0", "net8.0"];
    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    public static IEnumerable<object[]> Packages => PackageFeed.Projects.Select(p => new object[] { p });

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void A_package_has_all_that_a_package_needs(string package)
    {
        using var file = new PackageFile(PackageFeed.FileOf(package));
        using var symbols = new PackageFile(PackageFeed.FileOf(package, "snupkg"));
        foreach (string framework in Frameworks)
        {
            CollectionAssert.Contains(file.Names, $"lib/{framework}/{package}.dll");
            CollectionAssert.Contains(file.Names, $"lib/{framework}/{package}.xml");
            CollectionAssert.Contains(symbols.Names, $"lib/{framework}/{package}.pdb");
        }

        Assert.AreEqual(2, file.Names.Count(f => f.EndsWith(".dll", StringComparison.Ordinal)));
        Assert.AreEqual("MIT", file.Value("license"));
        Assert.AreEqual("icon.png", file.Value("icon"));
        Assert.AreEqual("README.md", file.Value("readme"));
        foreach (string entry in (string[])["icon.png", "README.md"])
            CollectionAssert.Contains(file.Names, entry);
        StringAssert.StartsWith(file.Value("copyright"), "Copyright (c) ");
        Assert.AreNotEqual("", file.Value("description"));
        string url = file.Value("projectUrl");
        StringAssert.StartsWith(url, "https://");
        Assert.AreEqual(url, file.Metadata.Elements().Single(e => e.Name.LocalName == "repository").Attribute("url")!.Value);
        StringAssert.Contains(ChangeLog(), $"## [{PackageFeed.Version}]\n\n{file.Value("releaseNotes")}\n".ReplaceLineEndings("\n"));
    }

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void A_README_says_how_to_install_the_package_and_its_links_are_absolute(string package)
    {
        using var file = new PackageFile(PackageFeed.FileOf(package));
        string readme = file.Text("README.md");
        StringAssert.Contains(readme, $"dotnet add package {package}\n");
        Assert.DoesNotContain("{P", readme, "all that stands in braces is filled in");
        string[] links = [.. readme.Split("](").Skip(1).Select(part => part[..part.IndexOf(')')])];
        Assert.IsTrue(links.Any(l => l.StartsWith(file.Value("projectUrl"), StringComparison.Ordinal)));
        foreach (string link in links)
            StringAssert.StartsWith(link, "https://");
    }

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void A_package_depends_on_what_its_project_names(string package)
    {
        using var file = new PackageFile(PackageFeed.FileOf(package));
        string[] expected = [.. DirectReferences(package).Order(StringComparer.Ordinal)];
        Assert.IsNotEmpty(expected);
        CollectionAssert.AreEquivalent(Frameworks, file.Dependencies.Keys.ToArray());
        foreach (string framework in Frameworks)
            CollectionAssert.AreEqual(expected, file.Dependencies[framework], string.Join(", ", file.Dependencies[framework]));
    }

    [TestMethod]
    [DynamicData(nameof(Packages))]
    public void Assemblies_name_no_path_of_this_machine_and_link_to_their_sources(string package)
    {
        using var file = new PackageFile(PackageFeed.FileOf(package));
        using var symbols = new PackageFile(PackageFeed.FileOf(package, "snupkg"));
        string commit = file.Metadata.Elements().Single(e => e.Name.LocalName == "repository").Attribute("commit")!.Value;
        foreach (string framework in Frameworks)
        {
            byte[] assembly = file.Bytes($"lib/{framework}/{package}.dll");
            foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
                Assert.AreEqual(-1, assembly.AsSpan().IndexOf(encoding.GetBytes(PackageFeed.Setting("RepositoryFolder"))));
            using var portable = new PEReader(ImmutableArray.Create(assembly));
            var debug = portable.ReadDebugDirectory().First(d => d.Type == DebugDirectoryEntryType.CodeView);
            StringAssert.StartsWith(portable.ReadCodeViewDebugDirectoryData(debug).Path, "/_/");

            using var provider = MetadataReaderProvider.FromPortablePdbImage(
                ImmutableArray.Create(symbols.Bytes($"lib/{framework}/{package}.pdb")));
            var reader = provider.GetMetadataReader();
            Assert.IsNotEmpty(reader.Documents);
            foreach (var document in reader.Documents)
                StringAssert.StartsWith(reader.GetString(reader.GetDocument(document).Name), "/_/");
            string link = LinkOf(reader);
            StringAssert.Contains(link, "https://");
            StringAssert.Contains(link, commit);
        }
    }

    [TestMethod]
    public void Models_come_with_their_cards()
    {
        string[] models = [.. PackageFeed.Projects.Where(p => p.StartsWith("Microsoft.ML.Perceiver.Models.", StringComparison.Ordinal))];
        Assert.IsGreaterThanOrEqualTo(4, models.Length);
        foreach (string package in models)
        {
            using var file = new PackageFile(PackageFeed.FileOf(package));
            string weights = file.Names.First(f => f.EndsWith(".safetensors", StringComparison.Ordinal));
            StringAssert.StartsWith(weights, "perceiver-models/perceiver-");
            CollectionAssert.Contains(file.Names, Path.GetDirectoryName(weights) + "/README.md");
            CollectionAssert.Contains(file.Names, Path.GetDirectoryName(weights) + "/config.json");
            CollectionAssert.Contains(file.Names, $"buildTransitive/{package}.targets");
        }
    }

    private static string ChangeLog() =>
        File.ReadAllText(Path.Combine(PackageFeed.Setting("RepositoryFolder"), "CHANGELOG.md")).ReplaceLineEndings("\n");

    private static string LinkOf(MetadataReader reader)
    {
        var link = reader.GetCustomDebugInformation(EntityHandle.ModuleDefinition)
            .Select(reader.GetCustomDebugInformation)
            .Single(information => reader.GetGuid(information.Kind) == SourceLink);
        return Encoding.UTF8.GetString(reader.GetBlobBytes(link.Value));
    }

    // Packages but for the tools of the build, and projects; those of models name Core in a file that they share.
    private static IEnumerable<string> DirectReferences(string project)
    {
        string folder = Path.Combine(PackageFeed.Setting("RepositoryFolder"), "src", project);
        var file = XDocument.Load(Path.Combine(folder, project + ".csproj"));
        if (file.Descendants("Import").Any(i => i.Attribute("Project")!.Value.EndsWith("/Model.props", StringComparison.Ordinal)))
            yield return "Microsoft.ML.Perceiver.Core";
        foreach (var package in file.Descendants("PackageReference").Where(p => p.Attribute("PrivateAssets") is null))
            yield return package.Attribute("Include")!.Value;
        foreach (var reference in file.Descendants("ProjectReference"))
        {
            string[] parts = reference.Attribute("Include")!.Value.Split('/');
            string pattern = parts[^2];
            foreach (string found in PackageFeed.Projects.Where(p => FileSystemName.MatchesSimpleExpression(pattern, p)))
                yield return found;
        }
    }
}
