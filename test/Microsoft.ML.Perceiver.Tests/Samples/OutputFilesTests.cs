using Samples;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>What the samples write is never what they read.</summary>
[TestClass]
public sealed class OutputFilesTests
{
    [TestMethod]
    [DataRow("flow10.png", "flow10.flo")]
    [DataRow("a.png", "a.truth.png")]
    [DataRow("frame1.png", "frame1.png")]
    [DataRow("./x/../frame1.png", "frame1.png")]
    [DataRow("film.mp4", "film.mp4")]
    public void An_input_is_not_overwritten(string output, string input)
    {
        using var folder = new TemporaryFolder();
        var (flow, truth) = Beside(folder[output]);
        var error = Assert.ThrowsExactly<ArgumentException>(
            () => OutputFiles.Check([null, folder["other"], folder[input]], [folder[output], flow, truth, null]));
        StringAssert.Contains(error.Message, "it cannot be written too");
    }

    [TestMethod]
    public void A_link_is_the_file_it_leads_to()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["real"]);
        File.WriteAllText(folder["real/truth.flo"], "");
        File.CreateSymbolicLink(folder["link.flo"], folder["real/truth.flo"]);
        Directory.CreateSymbolicLink(folder["link"], folder["real"]);
        Assert.ThrowsExactly<ArgumentException>(() => OutputFiles.Check([folder["real/truth.flo"]], [folder["link.flo"]]));
        Assert.ThrowsExactly<ArgumentException>(() => OutputFiles.Check([folder["link/truth.flo"]], [folder["real/truth.flo"]]));
        Assert.ThrowsExactly<ArgumentException>(() => OutputFiles.Check([folder["real/truth.flo"]], [folder["link/truth.flo"]]));
    }

    [TestMethod]
    public void Two_outputs_are_two_files()
    {
        using var folder = new TemporaryFolder();
        var (flow, truth) = Beside(folder["a.flo"]);
        Assert.ThrowsExactly<ArgumentException>(() => OutputFiles.Check([], [folder["a.flo"], flow, truth]));
        (flow, truth) = Beside(folder["a.png"]);
        OutputFiles.Check([folder["b.png"], folder["b.flo"], null], [folder["a.png"], flow, truth, folder["summary.tsv"]]);
    }
    // As samples/OpticalFlow names its files.
    private static (string Flow, string Truth) Beside(string image) =>
        (Path.ChangeExtension(image, ".flo"), Path.ChangeExtension(image, ".truth.png"));
}
