using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Tests.ImageLoading;

/// <summary>Files to images.</summary>
[TestClass]
public sealed class ImageLoadingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(SKEncodedImageFormat.Jpeg)]
    [DataRow(SKEncodedImageFormat.Png)]
    [DataRow(SKEncodedImageFormat.Webp)]
    public void Photographs_stand_upright_whatever_way_the_camera_was_held(SKEncodedImageFormat format)
    {
        using var folder = new TemporaryFolder();
        string[] files = [.. Enumerable.Range(1, 8).Select(i => Write(folder, $"{i}.{format}", ExifFiles.Upright(i, format)))];
        string[] corners = [.. Load(files).GetColumn<MLImage>("Image").Select(i => ExifFiles.Corners(i.ToPerceiverImage()))];
        CollectionAssert.AreEqual(Enumerable.Repeat(ExifFiles.ExpectedCorners, 8).ToArray(), corners);
        foreach (string file in files)
        {
            var decoded = PerceiverImageConversion.DecodeImage(File.ReadAllBytes(file));
            Assert.AreEqual(ExifFiles.ExpectedCorners, ExifFiles.Corners(decoded), file);
        }
    }

    [TestMethod]
    public void Damaged_orientations_of_PNG_files_are_none()
    {
        byte[] file = ExifFiles.Upright(6, SKEncodedImageFormat.Png);
        int chunk = file.AsSpan().IndexOf("eXIf"u8);
        Assert.AreEqual(SKEncodedOrigin.RightTop, PngOrientation.Of(file));
        byte[] little = [.. "II*\0"u8, 8, 0, 0, 0, 2, 0, .. new byte[12], 0x12, 0x01, 3, 0, 1, 0, 0, 0, 8, 0, 0, 0];
        byte[] other = [.. file[..(chunk - 4)], 0, 0, 0, (byte)little.Length, .. "eXIf"u8, .. little];
        Assert.AreEqual(SKEncodedOrigin.LeftBottom, PngOrientation.Of(other));
        for (int end = 0; end < chunk + 26; end++)
            Assert.AreEqual(SKEncodedOrigin.TopLeft, PngOrientation.Of(file.AsSpan(0, end)), $"{end} bytes");
        var random = new Random(1);
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] mutant = [.. file];
            for (int i = 0; i < 3; i++)
                mutant[chunk - 4 + random.Next(34)] = (byte)random.Next(256);
            Assert.IsTrue(Enum.IsDefined(PngOrientation.Of(mutant)), $"mutant {trial}");
        }
    }

    [TestMethod]
    public void A_turned_photograph_is_classified_as_the_upright_one_from_its_path_and_from_its_bytes()
    {
        using var folder = new TemporaryFolder();
        string upright = Write(folder, "1.jpg", ExifFiles.Upright(1)), turned = Write(folder, "3.jpg", ExifFiles.Upright(3));
        var paths = Paths(upright, turned);
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(Load(upright));
        var bytes = _context.Transforms.LoadRawImageBytes("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
        foreach (var data in new[] { Load(upright, turned), bytes })
        {
            float[][] scores = [.. transformer.Transform(data).GetColumn<float[]>("Score")];
            Assert.AreEqual(scores[0].IndexOf(scores[0].Max()), scores[1].IndexOf(scores[1].Max()));
            for (int i = 0; i < scores[0].Length; i++)
                Assert.AreEqual(scores[0][i], scores[1][i], 0.02f);
        }
    }

    [TestMethod]
    [DataRow("a.png", SKEncodedImageFormat.Png)]
    [DataRow("a.jfif", SKEncodedImageFormat.Jpeg)]
    [DataRow("a.webp", SKEncodedImageFormat.Webp)]
    public void Files_are_known_by_their_content(string name, SKEncodedImageFormat format)
    {
        using var folder = new TemporaryFolder();
        string file = Write(folder, name, ExifFiles.Encoded(format));
        var image = Load(file).GetColumn<MLImage>("Image").Single();
        Assert.AreEqual(ExifFiles.ExpectedCorners, ExifFiles.Corners(image.ToPerceiverImage()));
        Assert.AreEqual(file, image.Tag);
    }

    [TestMethod]
    public void A_gif_is_read()
    {
        using var folder = new TemporaryFolder();
        var image = Load(Write(folder, "a.gif", ExifFiles.RedGif)).GetColumn<MLImage>("Image").Single();
        CollectionAssert.AreEqual((byte[])[255, 0, 0], image.ToPerceiverImage().ToPlanes());
    }

    [TestMethod]
    [DataRow("page.jpg")]
    [DataRow("empty.jpg")]
    [DataRow("scan.tiff")]
    [DataRow("half.jpg")]
    [DataRow("half.png")]
    [DataRow("folder.jpg")]
    [DataRow("missing.jpg")]
    [DataRow("no folder/missing.jpg")]
    public void A_file_that_cannot_be_read_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        byte[] jpeg = ExifFiles.Encoded(SKEncodedImageFormat.Jpeg), png = ExifFiles.Encoded(SKEncodedImageFormat.Png);
        File.WriteAllText(folder["page.jpg"], "<!DOCTYPE html><html><body>404</body></html>");
        Write(folder, "empty.jpg", []);
        Write(folder, "scan.tiff", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Write(folder, "half.jpg", jpeg[..(jpeg.Length * 2 / 3)]);
        Write(folder, "half.png", png[..(png.Length / 2)]);
        Directory.CreateDirectory(folder["folder.jpg"]);
        string good = Write(folder, "good.jpg", jpeg), bad = folder[name];
        var loaded = Load(good, bad);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => loaded.GetColumn<MLImage>("Image").ToArray());
        StringAssert.StartsWith(error.Message, $"Row 1: the image '{bad}' cannot be read: ");
        // A stage that reads the images says the same, and the row once.
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(Load(good));
        error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(loaded).GetColumn<float[]>("Score").ToArray());
        StringAssert.StartsWith(error.Message, $"Row 1: the image '{bad}' cannot be read: ");
        using var engine = _context.Model.CreatePredictionEngine<TinyImages.PathRow, ScoreRow>(
            _context.Transforms.LoadPerceiverImages("Image", null, "Path").Fit(Paths(good)).Append(transformer));
        error = Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new TinyImages.PathRow { Path = bad }));
        StringAssert.StartsWith(
            error.Message, $"The image in the column 'Image' cannot be read: the image '{bad}' cannot be read: ");
    }

    [TestMethod]
    [DataRow("page.jpg")]
    [DataRow("empty.jpg")]
    [DataRow("scan.tiff")]
    [DataRow("missing.jpg")]
    public void Where_LoadImages_names_no_file_the_error_says_what_does(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["page.jpg"], "<!DOCTYPE html><html><body>404</body></html>");
        Write(folder, "empty.jpg", []);
        Write(folder, "scan.tiff", [.. "II*\0"u8, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        string good = Write(folder, "good.jpg", ExifFiles.Encoded(SKEncodedImageFormat.Jpeg)), bad = folder[name];
        var paths = Paths(good, bad);
        var loaded = _context.Transforms.LoadImages("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
        using var transformer = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(loaded);
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(loaded).GetColumn<float[]>("Score").ToArray());
        StringAssert.StartsWith(error.Message, "Row 1: the image in the column 'Image' cannot be read: ");
        if (!error.Message.Contains(bad, StringComparison.Ordinal))
            StringAssert.EndsWith(error.Message, "ML.NET's LoadImages does not name the file; LoadPerceiverImages does.");
        // Where the bytes of files are read, ML.NET names one that is missing; the stage knows the others by their row.
        var bytes = _context.Transforms.LoadRawImageBytes("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
        error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(bytes).GetColumn<float[]>("Score").ToArray());
        StringAssert.Contains(error.Message, File.Exists(bad) ? "Row 1: the image in the column 'Image' cannot be read: " : bad);
    }

    [TestMethod]
    public void A_missing_path_and_too_many_pixels_are_the_row_s_error()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Load("").GetColumn<MLImage>("Image").ToArray());
        Assert.AreEqual("Row 0: the path in the column 'Path' is missing.", error.Message);
        string file = Write(folder, "a.jpg", ExifFiles.Encoded(SKEncodedImageFormat.Jpeg));
        PerceiverImageConversion.MaxPixels = ExifFiles.Width * ExifFiles.Height - 1;
        try
        {
            error = Assert.ThrowsExactly<InvalidOperationException>(() => Load(file).GetColumn<MLImage>("Image").ToArray());
            StringAssert.Contains(error.Message, $"'{file}' cannot be read: The image has 64 x 48 pixels; the limit is 3071");
        }
        finally
        {
            PerceiverImageConversion.MaxPixels = PixelLimit.Default;
        }
    }

    [TestMethod]
    public void Paths_start_from_the_folder_and_a_saved_loader_gives_the_same()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "6.jpg", ExifFiles.Upright(6));
        var paths = Paths("6.jpg");
        var transformer = _context.Transforms.LoadPerceiverImages("Image", folder.Path, "Path").Fit(paths);
        _context.Model.Save(transformer, paths.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        Assert.AreEqual(ExifFiles.ExpectedCorners, CornersOf(loaded.Transform(paths)));
    }

    [TestMethod]
    public void The_schema_is_what_LoadImages_gives_and_wrong_columns_are_refused()
    {
        var paths = Paths("a.jpg");
        var ours = _context.Transforms.LoadPerceiverImages("Path");
        var theirs = _context.Transforms.LoadImages("Path", imageFolder: null);
        Assert.AreEqual(
            theirs.Fit(paths).GetOutputSchema(paths.Schema)["Path"].Type, ours.Fit(paths).GetOutputSchema(paths.Schema)["Path"].Type);
        var shape = ours.GetOutputSchema(SchemaShape.Create(paths.Schema));
        Assert.AreEqual(1, shape.Count(c => c.Name == "Path"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _context.Transforms.LoadPerceiverImages("Image", null, "Id").Fit(paths));
        Assert.ThrowsExactly<ArgumentException>(() => _context.Transforms.LoadPerceiverImages(""));
    }

    private static string Write(TemporaryFolder folder, string name, byte[] content)
    {
        File.WriteAllBytes(folder[name], content);
        return folder[name];
    }

    private static string CornersOf(IDataView data) => ExifFiles.Corners(data.GetColumn<MLImage>("Image").Single().ToPerceiverImage());

    private IDataView Paths(params string[] files) =>
        _context.Data.LoadFromEnumerable(files.Select(f => new TinyImages.PathRow { Path = f }));

    private IDataView Load(params string[] files)
    {
        var paths = Paths(files);
        return _context.Transforms.LoadPerceiverImages("Image", imageFolder: null, "Path").Fit(paths).Transform(paths);
    }

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }
}
