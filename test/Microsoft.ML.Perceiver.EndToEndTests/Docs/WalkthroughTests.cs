using System.Buffers.Binary;
using System.Reflection;
using Walkthrough;

namespace Microsoft.ML.Perceiver.EndToEndTests.Docs;

/// <summary>
/// The walk-through's page and notebook are what samples/Walkthrough is; <c>--docs docs</c> of that program writes them anew.
/// </summary>
[TestClass]
public sealed class WalkthroughTests
{
    private const int LargestImage = 300_000;

    private static string Docs => Path.Combine(Root, "docs");

    private static string Root => typeof(WalkthroughTests).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "RepositoryFolder").Value!;

    private static Cell VideoCell => Tour.Cells.Single(c => c.Title == "Video with audio");

    private static string PagePath => Path.Combine(Docs, "walkthrough.md");

    [TestMethod]
    public void The_notebook_has_the_programs_cells()
    {
        var written = NotebookFile.Read(Path.Combine(Docs, "walkthrough.ipynb"));
        CollectionAssert.AreEqual(NotebookFile.Cells.ToArray(), written.ToArray());
    }

    [TestMethod]
    public void The_page_has_the_programs_cells_in_their_order()
    {
        string page = File.ReadAllText(PagePath);
        int at = 0;
        foreach (var cell in Tour.Cells)
        {
            at = page.IndexOf(MarkdownFile.Of(cell), at, StringComparison.Ordinal);
            Assert.IsGreaterThan(0, at, $"The page has another cell '{cell.Title}' than the program.");
        }

        Assert.HasCount(Tour.Cells.Count + 1, page.Split("```csharp"));
    }

    [TestMethod]
    public void Images_are_those_of_the_page_and_small()
    {
        string page = File.ReadAllText(PagePath);
        foreach (string image in Directory.GetFiles(Path.Combine(Docs, "walkthrough")))
        {
            Assert.Contains($"(walkthrough/{Path.GetFileName(image)})", page);
            Assert.IsLessThan(LargestImage, new FileInfo(image).Length, image);
        }
    }

    [TestMethod]
    public void A_cell_writes_and_shows()
    {
        var output = Page.Run(Tour.Cells.Single(c => c.Title == "Fill-mask"), new MLContext(seed: 1));
        Assert.IsFalse(output.Failed, output.Text);
        Assert.HasCount(6, output.Text.Split('\n'));
        Assert.Contains("It was a dark and st", output.Text);
        Assert.AreEqual("fill-mask", output.Pictures.Single().Name);
    }

    [TestMethod]
    public void The_audio_of_the_video_is_found_behind_other_chunks()
    {
        string wav = Page.Sample("VideoAutoencoder/Data/sequence-64/audio.wav");
        byte[] plain = File.ReadAllBytes(wav);
        var expected = Page.Run(VideoCell, new MLContext(seed: 1));
        Assert.IsFalse(expected.Failed, expected.Text);
        // As ffmpeg writes it: a chunk with the program's name stands before the samples.
        const int samplesAt = 36;
        byte[] list = [.. "LIST"u8, 26, 0, 0, 0, .. "INFOISFT"u8, 14, 0, 0, 0, .. "Lavf60.16.100\0"u8];
        byte[] withList = [.. plain[..samplesAt], .. list, .. plain[samplesAt..]];
        BinaryPrimitives.WriteInt32LittleEndian(withList.AsSpan(4), withList.Length - 8);
        try
        {
            File.WriteAllBytes(wav, withList);
            var output = Page.Run(VideoCell, new MLContext(seed: 1));
            Assert.AreEqual((false, expected.Text), (output.Failed, output.Text));
        }
        finally
        {
            File.WriteAllBytes(wav, plain);
        }
    }

    [TestMethod]
    public void A_cell_that_fails_says_why()
    {
        var output = Page.Run(new Cell("Broken", "", "", _ => throw new InvalidOperationException("no such thing")), new MLContext());
        Assert.AreEqual((true, "no such thing", 0), (output.Failed, output.Text, output.Pictures.Count));
    }

    [TestMethod]
    [TestCategory("LongRunning")]
    public void All_cells_run()
    {
        var ml = new MLContext(seed: 1);
        foreach (var cell in Tour.Cells)
        {
            var output = Page.Run(cell, ml);
            Assert.IsFalse(output.Failed, $"{cell.Title}: {output.Text}");
        }
    }
}
