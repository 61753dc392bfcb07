using System.Reflection;
using Microsoft.ML.Perceiver.Models;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Pretrained;

/// <summary>Models of packages, in a program that has none of the packages.</summary>
[TestClass]
public sealed class BundledModelTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "perceiver-models");

    public static IEnumerable<object[]> Names => BundledModels.Packages.Select(p => new object[] { p.Key, p.Value });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void A_model_that_is_missing_is_told_with_its_package(string name, string package)
    {
        string message = Assert.ThrowsExactly<DirectoryNotFoundException>(() => PerceiverCheckpoint.Bundled(name)).Message;
        StringAssert.Contains(message, $"'{name}' is not with this program");
        const string all = "Microsoft.ML.Perceiver.Models";
        StringAssert.Contains(message, $"Add the package {all}.{package}, or {all} for all models");
    }

    [TestMethod]
    public void One_model_without_the_others_is_found_and_a_wrong_name_is_told_with_the_right_ones()
    {
        try
        {
            using (var model = new PerceiverForMaskedLM(TinyModels.Config))
                model.SavePretrained(Path.Combine(Folder, BundledModels.MiniLanguage));
            StringAssert.StartsWith(PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage).Source, Folder);
            Assert.ThrowsExactly<DirectoryNotFoundException>(() => PerceiverCheckpoint.Bundled(BundledModels.MiniFlow));
            string message = Assert.ThrowsExactly<ArgumentException>(() => PerceiverCheckpoint.Bundled("perceiver-mini")).Message;
            StringAssert.Contains(message, string.Join(", ", BundledModels.Packages.Keys.Order(StringComparer.Ordinal)));
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    [TestMethod]
    public void Every_model_has_a_constant_and_a_package_that_the_sources_have()
    {
        var constants = typeof(BundledModels).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(f => (string)f.GetRawConstantValue()!);
        CollectionAssert.AreEquivalent(constants.ToArray(), BundledModels.Packages.Keys.ToArray());
        string sources = Path.Combine(Root(), "src");
        var models = Directory.GetDirectories(sources)
            .Select(project => Path.Combine(project, "perceiver-models"))
            .Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .ToDictionary(model => Path.GetFileName(model), model => Directory.GetParent(model)!.Parent!.Name.Split('.')[^1]);
        CollectionAssert.AreEquivalent(models, BundledModels.Packages.ToDictionary(p => p.Key, p => p.Value));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.Perceiver.sln")))
            folder = folder.Parent!;
        return folder.FullName;
    }
}
