using System.IO.Compression;
using System.Xml.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>What a user gets who has the packages and not the repository.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class PackageTests
{
    private const string Text = "I do not know what you mean by th[MASK]t, said the old man.";
    private static PackageFeed s_feed = null!;

    [ClassInitialize]
    public static void Pack(TestContext context) => s_feed = new PackageFeed();

    [ClassCleanup]
    public static void Clean() => s_feed.Dispose();

    [TestMethod]
    [DataRow("Microsoft.ML.Perceiver.Core")]
    [DataRow("Microsoft.ML.Perceiver")]
    [DataRow("Microsoft.ML.Perceiver.Models")]
    public void A_package_has_all_that_a_package_needs(string package)
    {
        using var zip = ZipFile.OpenRead(s_feed.FileOf(package));
        string[] files = zip.Entries.Select(e => e.FullName).ToArray();
        foreach (string file in (string[])["README.md", $"lib/net10.0/{package}.dll", $"lib/net10.0/{package}.xml"])
            CollectionAssert.Contains(files, file);
        Assert.AreEqual(1, files.Count(f => f.EndsWith(".dll", StringComparison.Ordinal)));
        using var symbols = ZipFile.OpenRead(s_feed.FileOf(package, "snupkg"));
        Assert.IsTrue(symbols.Entries.Any(e => e.FullName == $"lib/net10.0/{package}.pdb"));

        var metadata = Metadata(zip, package);
        Assert.AreEqual("MIT", Value(metadata, "license"));
        Assert.AreEqual("README.md", Value(metadata, "readme"));
        Assert.AreNotEqual("", Value(metadata, "description"));
        string[] dependencies =
        [
            .. metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value),
        ];
        // A library leaves the choice of libtorch to the program, and does not depend on its build's tools.
        foreach (string part in (string[])["TorchSharp-", "Publicize", "Analyzers"])
            Assert.IsFalse(dependencies.Any(d => d.Contains(part, StringComparison.Ordinal)), string.Join(", ", dependencies));
        CollectionAssert.Contains(dependencies, package == "Microsoft.ML.Perceiver.Core" ? "TorchSharp" : "Microsoft.ML.Perceiver.Core");
    }

    [TestMethod]
    public void The_models_come_with_their_cards()
    {
        using var zip = ZipFile.OpenRead(s_feed.FileOf("Microsoft.ML.Perceiver.Models"));
        string[] files = zip.Entries.Select(e => e.FullName).ToArray();
        var weights = files.Where(f => f.EndsWith("/model.safetensors", StringComparison.Ordinal));
        string[] models = [.. weights.Select(f => Path.GetDirectoryName(f)!)];
        CollectionAssert.Contains(models, "perceiver-models/perceiver-mini-language");
        foreach (string model in models)
        {
            CollectionAssert.Contains(files, model + "/README.md");
            CollectionAssert.Contains(files, model + "/config.json");
        }
    }

    [TestMethod]
    public void A_program_without_libtorch_is_warned_when_it_is_built()
    {
        const string source = "Console.WriteLine();";
        StringAssert.Contains(s_feed.Build(source, hasLibTorch: false), "warning PERCEIVER001", StringComparison.Ordinal);
        Assert.DoesNotContain("PERCEIVER001", s_feed.Build(source, hasLibTorch: true));
        const string off = "<PerceiverNativeTorchCheck>false</PerceiverNativeTorchCheck>";
        Assert.DoesNotContain("PERCEIVER001", s_feed.Build(source, hasLibTorch: false, off));
        Assert.DoesNotContain("PERCEIVER001", s_feed.Build("public class Empty;", hasLibTorch: false, "<OutputType>Library</OutputType>"));
    }

    [TestMethod]
    public void Images_work_with_SkiaSharp_3()
    {
        // ML.NET itself asks for 2.88, whose libpng has known holes.
        const string skia = """
            <PackageReference Include="SkiaSharp" Version="3.119.4" />
            <PackageReference Include="SkiaSharp.NativeAssets.Linux.NoDependencies" Version="3.119.4" />
            """;
        string output = s_feed.BuildAndRun(
            """
            using Microsoft.ML.Data;
            using Microsoft.ML.Perceiver;

            byte[] pixels = [.. Enumerable.Range(0, 4 * 6 * 3).Select(i => (byte)(i * 3))];
            var image = new PerceiverImage(4, 6, 3, pixels);
            string file = Path.GetTempFileName() + ".png";
            using (var saved = image.ToMLImage())
                saved.Save(file);
            using var loaded = MLImage.CreateFromFile(file);
            var planes = image.ToPlanes();
            bool same = loaded.ToPerceiverImage().ToPlanes().SequenceEqual(planes)
                && PerceiverImageConversion.DecodeImage(File.ReadAllBytes(file)).ToPlanes().SequenceEqual(planes);
            File.Delete(file);
            Console.WriteLine($"{typeof(SkiaSharp.SKBitmap).Assembly.GetName().Version} {same}");
            """,
            skia);
        Assert.AreEqual("3.119.0.0 True", output.Trim());
    }

    [TestMethod]
    public void A_fresh_project_fills_a_mask()
    {
        string output = s_feed.BuildAndRun($$"""
            using Microsoft.ML;
            using Microsoft.ML.Data;
            using Microsoft.ML.Perceiver;
            using Microsoft.ML.Perceiver.Models;

            var ml = new MLContext(seed: 1);
            var data = ml.Data.LoadFromEnumerable(new[] { new Row { Text = "{{Text}}" } });
            using var model = ml.Transforms.PerceiverFillMask(PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage), topK: 1).Fit(data);
            Console.WriteLine(model.Transform(data).GetColumn<string>("FilledText").Single());

            class Row
            {
                public string Text { get; set; } = "";
            }
            """);
        Assert.AreEqual(FilledHere(), output.Trim());
    }

    private static string FilledHere()
    {
        var ml = new MLContext(seed: 1);
        var data = ml.Data.LoadFromEnumerable([new Row { Text = Text }]);
        using var model = ml.Transforms.PerceiverFillMask(PerceiverCheckpoint.Bundled("perceiver-mini-language"), topK: 1).Fit(data);
        string filled = model.Transform(data).GetColumn<string>("FilledText").Single();
        Assert.AreEqual(Text.Replace("[MASK]", "a", StringComparison.Ordinal), filled);
        return filled;
    }

    private static XElement Metadata(ZipArchive package, string name)
    {
        using var nuspec = package.GetEntry(name + ".nuspec")!.Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    private static string Value(XElement metadata, string name) => metadata.Elements().Single(e => e.Name.LocalName == name).Value;

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
