using System.IO.Compression;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver.Tests.FrameLoading;

/// <summary>Films that cannot be read, and what is said of them.</summary>
[TestClass]
public sealed class FrameFaultTests
{
    private const string Needed = "; 4 are needed for 4 (Frames).";

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("missing", "Row 1: the folder '{0}' of the column 'Film' does not exist.")]
    [DataRow("file.png", "Row 1: the folder '{0}' of the column 'Film' does not exist; it is a file.")]
    [DataRow("empty", "Row 1: the folder '{0}' of the column 'Film' has no frames, that is files with a name in .png, .jpg, .jpeg,")]
    [DataRow("short", "Row 1: the folder '{0}' of the column 'Film' has 3 frames" + Needed)]
    [DataRow("sizes", "Row 1: the frame '{0}/3.png' of the column 'Film' has 9 x 6 pixels, but the first one, '{0}/1.png', 6 x 9;")]
    [DataRow("text", "Row 1: the frame '{0}/2.png' of the column 'Film' cannot be read: The 9 bytes are no image that can be decoded")]
    [DataRow("half", "Row 1: the frame '{0}/2.png' of the column 'Film' cannot be read: The image is damaged: its end is missing.")]
    [DataRow("", "Row 1: the column 'Film' has an empty path.")]
    public void A_folder_at_fault_is_named(string name, string said)
    {
        using var folder = new TemporaryFolder();
        string good = FilmFolders.Write(folder, "good", 4);
        File.WriteAllBytes(folder["file.png"], FilmFolders.Grey(1));
        Directory.CreateDirectory(folder["empty"]);
        FilmFolders.Write(folder, "short", 3);
        string sizes = FilmFolders.Write(folder, "sizes", 4);
        File.WriteAllBytes(Path.Combine(sizes, "3.png"), FilmFolders.Grey(3, FilmFolders.Width, FilmFolders.Height));
        string text = FilmFolders.Write(folder, "text", 4), half = FilmFolders.Write(folder, "half", 4);
        File.WriteAllText(Path.Combine(text, "2.png"), "no image!");
        File.WriteAllText(Path.Combine(text, "4.png"), "nor this");
        byte[] whole = FilmFolders.Grey(2, 60, 90);
        File.WriteAllBytes(Path.Combine(half, "2.png"), whole[..(whole.Length / 2)]);

        string bad = name.Length == 0 ? "" : folder[name];
        var rows = FilmFolders.Rows(_context, good, bad);
        var transformer = _context.Transforms.LoadPerceiverFrames(Options()).Fit(rows);
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => transformer.Transform(rows).GetColumn<float[]>("Features").ToArray());
        StringAssert.StartsWith(error.Message, string.Format(null, said, bad));
        using var engine = _context.Model.CreatePredictionEngine<FilmFolders.FolderRow, FilmFolders.FilmRow>(transformer);
        error = Assert.ThrowsExactly<InvalidOperationException>(() => engine.Predict(new FilmFolders.FolderRow { Film = bad }));
        string alone = string.Format(null, said, bad)["Row 1: ".Length..];
        StringAssert.Contains(error.Message, alone[1..]);
    }

    [TestMethod]
    public void Too_few_frames_at_a_stride_are_named()
    {
        using var folder = new TemporaryFolder();
        string film = FilmFolders.Write(folder, "film", 9);
        var options = Options();
        options.Stride = 3;
        var error = Refused(options, FilmFolders.Rows(_context, film));
        Assert.AreEqual(
            $"Row 0: the folder '{film}' of the column 'Film' has 9 frames; 10 are needed for 4 (Frames) at a distance of 3 (Stride).",
            error.Message);
    }

    [TestMethod]
    public void Files_at_fault_are_named()
    {
        using var folder = new TemporaryFolder();
        string film = FilmFolders.Write(folder, "film", 4);
        string[] files = [.. Enumerable.Range(1, 4).Select(i => Path.Combine(film, $"{i}.png"))];
        var error = Refused(Options(), FilmFolders.FileRows(_context, files, []));
        Assert.AreEqual("Row 1: the column 'Film' has no frames.", error.Message);
        error = Refused(Options(), FilmFolders.FileRows(_context, files, files[..3]));
        Assert.AreEqual("Row 1: the column 'Film' has 3 frames" + Needed, error.Message);
        error = Refused(Options(), FilmFolders.FileRows(_context, [.. files[..3], ""]));
        Assert.AreEqual("Row 0: the column 'Film' has an empty path.", error.Message);
        string missing = folder["missing.png"];
        error = Refused(Options(), FilmFolders.FileRows(_context, [files[0], missing, film, files[1]]));
        StringAssert.StartsWith(error.Message, $"Row 0: the frame '{missing}' of the column 'Film' cannot be read: ");
    }

    [TestMethod]
    public void Settings_out_of_range_are_refused()
    {
        Refused(options => options.OutputColumnName = "", "OutputColumnName");
        Refused(options => options.InputColumnName = "", "InputColumnName");
        Refused(options => options.ImageFolder = "", "ImageFolder");
        Refused(options => options.Frames = 0, "Frames");
        Refused(options => options.Stride = 0, "Stride");
        Refused(options => options.Height = 0, "Height");
        Refused(options => options.Width = 4097, "Width");
        Refused(options => options.Resampling = (PerceiverResampling)9, "Resampling");
        Refused(options => (options.Frames, options.Height, options.Width) = (4096, 4096, 4096), "Frames");
        Refused(options => (options.Frames, options.Stride) = (4096, 1_048_576), "Stride");
        Assert.ThrowsExactly<ArgumentNullException>(() => _context.Transforms.LoadPerceiverFrames((PerceiverFrameLoadingOptions)null!));
        var options = Options();
        var estimator = _context.Transforms.LoadPerceiverFrames(options);
        options.Frames = 2;
        var shape = SchemaShape.Create(FilmFolders.Rows(_context, "a").Schema);
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, estimator.GetOutputSchema(shape).Single(c => c.Name == "Features").Kind);
        var type = (VectorDataViewType)estimator.Fit(FilmFolders.Rows(_context, "a")).GetOutputSchema(
            FilmFolders.Rows(_context, "a").Schema)["Features"].Type;
        CollectionAssert.AreEqual((int[])[4, 2, 2, 3], type.Dimensions.ToArray());
    }

    [TestMethod]
    [DataRow("\"Frames\":4", "\"Frames\":0", "Frames must be from 1 to 4096")]
    [DataRow("\"Height\":2", "\"Height\":\"x\"", "Height")]
    [DataRow("\"InputColumnName\":\"Film\"", "\"InputColumnName\":\"\"", "InputColumnName must not be empty")]
    public void Damaged_settings_in_a_model_file_are_named(string from, string to, string said)
    {
        using var folder = new TemporaryFolder();
        var rows = FilmFolders.Rows(_context, "a");
        _context.Model.Save(_context.Transforms.LoadPerceiverFrames(Options()).Fit(rows), rows.Schema, folder["model.zip"]);
        using (var archive = ZipFile.Open(folder["model.zip"], ZipArchiveMode.Update))
        {
            var entry = archive.Entries.Single(e => e.FullName.EndsWith("Settings.json", StringComparison.Ordinal));
            string text;
            using (var reader = new StreamReader(entry.Open()))
                text = reader.ReadToEnd();
            StringAssert.Contains(text, from);
            Rewrite(archive, entry, text.Replace(from, to, StringComparison.Ordinal));
            // Without its hash the entry is not known to be damaged before it is read.
            archive.Entries.Single(e => e.FullName.EndsWith("Hashes.json", StringComparison.Ordinal)).Delete();
        }

        var error = Assert.ThrowsExactly<FormatException>(() => new MLContext().Model.LoadPerceiver(folder["model.zip"], out _));
        StringAssert.Contains(error.Message, "Settings.json");
        StringAssert.Contains(error.Message, said);
    }

    private static void Rewrite(ZipArchive archive, ZipArchiveEntry entry, string text)
    {
        string name = entry.FullName;
        entry.Delete();
        using var writer = new StreamWriter(archive.CreateEntry(name).Open());
        writer.Write(text);
    }

    private static PerceiverFrameLoadingOptions Options() => new() { Frames = 4, Height = 2, Width = 2 };

    private InvalidOperationException Refused(PerceiverFrameLoadingOptions options, IDataView rows) =>
        Assert.ThrowsExactly<InvalidOperationException>(() =>
            _context.Transforms.LoadPerceiverFrames(options).Fit(rows).Transform(rows).GetColumn<float[]>("Features").ToArray());

    private void Refused(Action<PerceiverFrameLoadingOptions> change, string name)
    {
        var options = Options();
        change(options);
        var error = Assert.Throws<ArgumentException>(() => _context.Transforms.LoadPerceiverFrames(options));
        Assert.AreEqual(name, error.ParamName);
    }
}
