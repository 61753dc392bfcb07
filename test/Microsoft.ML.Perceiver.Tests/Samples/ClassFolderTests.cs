using ImageClassification;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.ImageLoading;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Tests.Samples;

/// <summary>The folders of images that samples/ImageClassification reads.</summary>
[TestClass]
public sealed class ClassFolderTests
{
    [TestMethod]
    public void Files_of_all_formats_are_read_in_their_order()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["cat"]);
        Directory.CreateDirectory(folder["dog"]);
        File.WriteAllBytes(folder["cat/1.jfif"], ExifFiles.Upright(6));
        File.WriteAllBytes(folder["cat/2.webp"], ExifFiles.Upright(3, SKEncodedImageFormat.Webp));
        File.WriteAllBytes(folder["cat/3.PNG"], ExifFiles.Upright(8, SKEncodedImageFormat.Png));
        File.WriteAllBytes(folder["dog/4.gif"], ExifFiles.RedGif);
        File.WriteAllText(folder["dog/notes.txt"], "dogs");
        File.WriteAllBytes(folder["stray.jpg"], ExifFiles.Upright(1));
        var images = ClassFolders.Read(folder.Path);
        CollectionAssert.AreEqual(new[] { "cat", "cat", "cat", "dog" }, images.Select(i => i.Label).ToArray());
        CollectionAssert.AreEqual(
            new[] { "1.jfif", "2.webp", "3.PNG", "4.gif" }, images.Select(i => Path.GetFileName(i.File)).ToArray());

        var context = new MLContext(seed: 1);
        var paths = context.Data.LoadFromEnumerable(images.Select(i => new TinyImages.PathRow { Path = i.File }));
        var loaded = context.Transforms.LoadPerceiverImages("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
        PerceiverImage[] read = [.. loaded.GetColumn<MLImage>("Image").Select(i => i.ToPerceiverImage())];
        CollectionAssert.AreEqual(
            Enumerable.Repeat(ExifFiles.ExpectedCorners, 3).ToArray(), read[..3].Select(ExifFiles.Corners).ToArray());
        CollectionAssert.AreEqual((byte[])[255, 0, 0], read[3].ToPlanes());
    }

    [TestMethod]
    public void Folders_without_images_are_refused()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["cat"]);
        File.WriteAllText(folder["cat/notes.txt"], "cats");
        Assert.ThrowsExactly<FileNotFoundException>(() => ClassFolders.Read(folder.Path));
        Assert.ThrowsExactly<DirectoryNotFoundException>(() => ClassFolders.Read(folder["mouse"]));
    }
}
