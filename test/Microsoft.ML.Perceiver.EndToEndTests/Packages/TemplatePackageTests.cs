using System.Text.Json;
using System.Xml.Linq;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>What the package of templates has, and the files that its templates make.</summary>
[TestClass]
public sealed class TemplatePackageTests
{
    private const string OtherPrefix = "Acme.Perceiver";
    private static readonly TemporaryFolder s_folder = new();
    private static readonly Lazy<string> s_package = new(() => Pack(s_folder["packages"], PackageFeed.Templates));

    [ClassCleanup]
    public static void Clean() => s_folder.Dispose();

    [TestMethod]
    public void The_package_has_the_type_and_the_texts_of_a_package_of_templates()
    {
        using var file = new PackageFile(s_package.Value);
        Assert.AreEqual("Template", file.Metadata.Descendants().Single(e => e.Name.LocalName == "packageType").Attribute("name")!.Value);
        Assert.IsEmpty(file.Dependencies);
        Assert.IsFalse(file.Names.Any(name => name.EndsWith(".dll", StringComparison.Ordinal)));
        Assert.AreEqual("MIT", file.Value("license"));
        Assert.AreEqual("icon.png", file.Value("icon"));
        CollectionAssert.Contains(file.Names, "icon.png");
        StringAssert.Contains(file.Text("README.md"), $"dotnet new install {PackageFeed.Templates}\n");
        Assert.DoesNotContain("{P", file.Text("README.md"));
    }

    [TestMethod]
    [DataRow("perceiver-text", "PerceiverText.1")]
    [DataRow("perceiver-image", "PerceiverImage.1")]
    [DataRow("perceiver-webapi", "PerceiverWebApi.1")]
    public void A_template_is_described_and_refers_to_the_packages_of_this_build(string template, string name)
    {
        using var file = new PackageFile(s_package.Value);
        string folder = $"content/{template}/";
        using var json = JsonDocument.Parse(file.Text(folder + ".template.config/template.json"));
        var root = json.RootElement;
        Assert.AreEqual(template, root.GetProperty("shortName").GetString());
        Assert.AreEqual(name, root.GetProperty("sourceName").GetString());
        Assert.AreEqual(name + ".csproj", root.GetProperty("primaryOutputs")[0].GetProperty("path").GetString());
        var framework = root.GetProperty("symbols").GetProperty("Framework");
        string[] choices = [.. framework.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("choice").GetString()!)];
        CollectionAssert.AreEquivalent(new[] { "net10.0", "net8.0" }, choices);
        Assert.AreEqual("net10.0", framework.GetProperty("defaultValue").GetString());
        StringAssert.Contains(file.Text(folder + "Data/README.md"), "https://creativecommons.org/", "the data's licence is named");

        var references = References(file.Text(folder + name + ".csproj"));
        Assert.AreEqual(PackageFeed.TorchSharpVersion, references["TorchSharp-cpu"]);
        string[] ours = [.. references.Keys.Where(id => id.StartsWith("Microsoft.ML.Perceiver", StringComparison.Ordinal))];
        Assert.HasCount(2, ours);
        foreach (string package in ours)
        {
            Assert.AreEqual(PackageFeed.Version, references[package]);
            CollectionAssert.Contains(PackageFeed.Projects.ToArray(), package);
        }
    }

    [TestMethod]
    public void Packages_with_other_names_are_named_in_the_templates()
    {
        using var folder = new TemporaryFolder();
        using var file = new PackageFile(Pack(folder.Path, OtherPrefix + ".Templates", $"-p:PackageIdPrefix={OtherPrefix}"));
        Assert.AreEqual(OtherPrefix + ".Templates", file.Value("id"));
        StringAssert.Contains(file.Text("README.md"), $"dotnet new install {OtherPrefix}.Templates\n");
        foreach (string project in file.Names.Where(name => name.EndsWith(".csproj", StringComparison.Ordinal)))
        {
            string[] packages = [.. References(file.Text(project)).Keys];
            Assert.AreEqual(2, packages.Count(id => id.StartsWith(OtherPrefix, StringComparison.Ordinal)), project);
            Assert.IsFalse(packages.Any(id => id.StartsWith("Microsoft.ML", StringComparison.Ordinal)), project);
        }
    }

    [TestMethod]
    public void A_program_has_the_name_that_it_is_given_in_every_file()
    {
        using var package = new PackageFile(s_package.Value);
        using var hive = new TemplateHive(s_package.Value);
        using var folder = new TemporaryFolder();
        foreach (var (template, source) in new[] { ("text", "PerceiverText"), ("image", "PerceiverImage"), ("webapi", "PerceiverWebApi") })
        {
            // A name with all that a namespace must not have.
            string name = $"my-app.2 {template}", program = folder[name];
            hive.Create("perceiver-" + template, program, "--framework", "net8.0");
            string[] paths = Directory.GetFiles(program, "*", SearchOption.AllDirectories);
            string[] files = [.. paths.Select(path => Path.GetRelativePath(program, path))];
            string prefix = $"content/perceiver-{template}/";
            string[] expected = [.. package.Names
                .Where(f => f.StartsWith(prefix, StringComparison.Ordinal) && !f.Contains("/.template.config/", StringComparison.Ordinal))
                .Select(f => f[prefix.Length..].Replace(source + ".1", name, StringComparison.Ordinal))];
            CollectionAssert.AreEquivalent(expected, files);
            CollectionAssert.Contains(files, name + ".csproj");
            foreach (string file in files.Where(f => !f.StartsWith("Data", StringComparison.Ordinal)))
            {
                string text = File.ReadAllText(Path.Combine(program, file));
                foreach (string form in (string[])[".1", "._1", "__1"])
                    Assert.DoesNotContain(source + form, text, file);
            }

            StringAssert.Contains(File.ReadAllText(Path.Combine(program, name + ".csproj")), "<TargetFramework>net8.0</TargetFramework>");
            StringAssert.Contains(File.ReadAllText(Path.Combine(program, "Training.cs")), $"namespace my_app._2_{template};");
            foreach (string data in files.Where(f => f.StartsWith("Data", StringComparison.Ordinal)))
                CollectionAssert.AreEqual(package.Bytes(prefix + data), File.ReadAllBytes(Path.Combine(program, data)), data);
        }
    }

    private static string Pack(string folder, string id, params string[] properties)
    {
        string repository = PackageFeed.Setting("RepositoryFolder");
        string project = Path.Combine("templates", PackageFeed.Templates);
        string configuration = PackageFeed.Setting("Configuration");
        DotNetCommand.Run(repository, ["pack", project, "-c", configuration, "-o", folder, "-nodeReuse:false", .. properties]);
        return Path.Combine(folder, $"{id}.{PackageFeed.Version}.nupkg");
    }

    private static Dictionary<string, string> References(string project) => XDocument.Parse(project).Descendants("PackageReference")
        .ToDictionary(r => r.Attribute("Include")!.Value, r => r.Attribute("Version")!.Value);
}
