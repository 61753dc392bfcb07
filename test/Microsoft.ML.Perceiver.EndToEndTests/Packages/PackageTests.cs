using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.EndToEndTests.Docs;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>What a user gets who has the packages and not the repository.</summary>
[TestClass]
[TestCategory("LongRunning")]
public sealed class PackageTests : IDisposable
{
    private const string Text = "I do not know what you mean by th[MASK]t, said the old man.";

    private readonly PackagedProgram _program = new();

    public void Dispose() => _program.Dispose();

    [TestMethod]
    public void A_program_without_libtorch_is_warned_when_it_is_built()
    {
        const string source = "Console.WriteLine();";
        StringAssert.Contains(_program.Build(source, hasLibTorch: false), "warning PERCEIVER001", StringComparison.Ordinal);
        Assert.DoesNotContain("PERCEIVER001", _program.Build(source, hasLibTorch: true));
        const string off = "<PerceiverNativeTorchCheck>false</PerceiverNativeTorchCheck>";
        Assert.DoesNotContain("PERCEIVER001", _program.Build(source, hasLibTorch: false, off));
        const string library = "<OutputType>Library</OutputType>";
        Assert.DoesNotContain("PERCEIVER001", _program.Build("public class Empty;", hasLibTorch: false, library));
    }

    [TestMethod]
    public void Images_work_with_SkiaSharp_3()
    {
        // ML.NET itself asks for 2.88, whose libpng has known holes.
        const string skia = """
            <PackageReference Include="SkiaSharp" Version="3.119.4" />
            <PackageReference Include="SkiaSharp.NativeAssets.Linux.NoDependencies" Version="3.119.4" />
            """;
        string output = _program.BuildAndRun(
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
        string output = _program.BuildAndRun(
            $$"""
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
            """,
            PackagedProgram.Reference("Microsoft.ML.Perceiver.Models"));
        Assert.AreEqual(FilledHere(), output.Trim());
    }

    [TestMethod]
    public void A_program_with_one_model_finds_it_and_is_told_the_package_of_another()
    {
        string output = _program.BuildAndRun(
            """
            using Microsoft.ML.Perceiver;
            using Microsoft.ML.Perceiver.Models;

            var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniClothing);
            Console.WriteLine(Path.GetRelativePath(AppContext.BaseDirectory, checkpoint.Source));
            try
            {
                PerceiverCheckpoint.Bundled(BundledModels.MiniFlow);
            }
            catch (DirectoryNotFoundException e)
            {
                Console.WriteLine(e.Message);
            }
            """,
            PackagedProgram.Reference("Microsoft.ML.Perceiver.Models.Clothing"));
        string[] lines = output.Split('\n');
        Assert.AreEqual("perceiver-models/perceiver-mini-clothing/model.safetensors", lines[0].Trim());
        StringAssert.Contains(lines[1], "Add the package Microsoft.ML.Perceiver.Models.Flow, ");
    }

    [TestMethod]
    public void The_program_of_the_embedding_generators_page_finds_a_text()
    {
        string page = Path.Combine(PackageFeed.Setting("RepositoryFolder"), "src", "Microsoft.ML.Perceiver.AI", "PACKAGE.md");
        string source = PageCode.Blocks(File.ReadAllText(page), "csharp").Single();
        string references = PackagedProgram.Reference("Microsoft.ML.Perceiver.AI")
            + PackagedProgram.Reference("Microsoft.ML.Perceiver.Models.Sentence");
        string found = _program.BuildAndRun(source, references).Trim();
        Assert.IsGreaterThan(10, found.Length);
        StringAssert.Contains(source, $"\"{found}\"");
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

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
