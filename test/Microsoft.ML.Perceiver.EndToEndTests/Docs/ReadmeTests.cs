using System.Text.RegularExpressions;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>README fits a screen or two, and its programs write what it shows.</summary>
[TestClass]
public sealed partial class ReadmeTests
{
    private const int MostWords = 900;

    private static string Readme => File.ReadAllText(Path.Combine(DocumentationTests.Root, "README.md"));

    [TestMethod]
    public void It_is_short() =>
        Assert.IsLessThanOrEqualTo(MostWords, Readme.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);

    [TestMethod]
    public void It_installs_packages_of_this_repository_and_libtorch()
    {
        string[] lines = PageCode.FirstAfter(Readme, "## Install", "bash").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] packages = [.. lines.Select(line => InstallLine().Match(line).Groups[1].Value)];
        CollectionAssert.AreEqual(new[] { "Microsoft.ML.Perceiver", "Microsoft.ML.Perceiver.Models", "TorchSharp-cpu" }, packages);
    }

    [TestMethod]
    public void Its_programs_compile()
    {
        var programs = PageCode.Blocks(Readme, "csharp");
        Assert.HasCount(2, programs);
        Assert.HasCount(2, PageCode.Blocks(Readme, "text"));
        foreach (string program in programs)
            Assert.AreEqual("", PageCode.Errors(PageCode.Compile(program)), program);
    }

    [TestMethod]
    public void The_first_program_writes_what_is_shown()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(PageCode.Blocks(Readme, "text")[0], PageCode.Run(PageCode.Blocks(Readme, "csharp")[0], folder.Path));
    }

    // Some minutes of training.
    [TestMethod]
    [TestCategory("LongRunning")]
    public void The_classifier_is_as_accurate_as_shown()
    {
        using var folder = new TemporaryFolder();
        string data = Path.Combine(DocumentationTests.Root, "samples/TextClassification/Data/SMSSpamCollection.tsv");
        File.Copy(data, folder["SMSSpamCollection.tsv"]);
        Assert.AreEqual(PageCode.Blocks(Readme, "text")[1], PageCode.Run(PageCode.Blocks(Readme, "csharp")[1], folder.Path));
        Assert.IsTrue(File.Exists(folder["spam.zip"]));
    }

    [GeneratedRegex("^dotnet add package ([A-Za-z.-]+)$")]
    private static partial Regex InstallLine();
}
