using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ArrayClassification;
using SkiaSharp;

namespace Microsoft.ML.Perceiver.Tests.FrameLoading;

/// <summary>Folders and files to films.</summary>
[TestClass]
public sealed class FrameLoadingTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    public void Every_stage_s_checks(bool isGrey, bool isFiles)
    {
        using var folder = new TemporaryFolder();
        string[] films = [.. Enumerable.Range(0, 5).Select(i => FilmFolders.WriteRandom(folder, $"film{i}", 4 + i, seed: i))];
        var options = new PerceiverFrameLoadingOptions
        {
            Frames = 3,
            Stride = isFiles ? 1 : null,
            Height = 4,
            Width = 5,
            Grayscale = isGrey,
            Resampling = PerceiverResampling.Bilinear,
        };
        var valid = isFiles
            ? FilmFolders.FileRows(_context, [.. films.Select(Directory.GetFiles)])
            : FilmFolders.Rows(_context, films);
        EstimatorCheck.RunWithoutModel(
            _context,
            _context.Transforms.LoadPerceiverFrames(options),
            valid,
            [_context.Data.LoadFromEnumerable([new { Other = "a" }]), _context.Data.LoadFromEnumerable([new { Film = 1f }])],
            "Features");
    }

    [TestMethod]
    [DataRow(12, 3, 0, new float[] { 1, 7, 12 })]
    [DataRow(12, 12, 0, new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 })]
    [DataRow(5, 1, 0, new float[] { 3 })]
    [DataRow(12, 4, 1, new float[] { 1, 2, 3, 4 })]
    [DataRow(12, 4, 3, new float[] { 1, 4, 7, 10 })]
    [DataRow(10, 4, 3, new float[] { 1, 4, 7, 10 })]
    public void Frames_are_taken_in_the_order_of_their_numbers(int count, int frames, int stride, float[] expected)
    {
        using var folder = new TemporaryFolder();
        string film = FilmFolders.Write(folder, "film", count);
        File.WriteAllText(Path.Combine(film, "0.txt"), "no frame");
        Directory.CreateDirectory(Path.Combine(film, "0.png"));
        var options = new PerceiverFrameLoadingOptions
        {
            Frames = frames,
            Stride = stride == 0 ? null : stride,
            Height = 1,
            Width = 1,
            Grayscale = true,
        };
        float[] values = Load(options, FilmFolders.Rows(_context, film)).Single();
        FloatAssert.AreClose(expected, values, 1e-4f);
    }

    [TestMethod]
    public void Files_are_in_the_order_of_the_column_and_start_from_the_folder()
    {
        using var folder = new TemporaryFolder();
        FilmFolders.Write(folder, "film", 3);
        string[] files = ["film/3.png", "film/1.png", "film/2.png"];
        var options = new PerceiverFrameLoadingOptions { ImageFolder = folder.Path, Frames = 3, Height = 1, Width = 1 };
        float[] values = Load(options, FilmFolders.FileRows(_context, files)).Single();
        CollectionAssert.AreEqual(new float[] { 3, 3, 3, 1, 1, 1, 2, 2, 2 }, values);
        options.Frames = 2;
        values = Load(options, FilmFolders.Rows(_context, "film")).Single();
        CollectionAssert.AreEqual(new float[] { 1, 1, 1, 3, 3, 3 }, values);
    }

    [TestMethod]
    public void Names_are_ordered_by_all_their_numbers()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["1-9.png", "a.jpg", "01-10.PNG", "a2.webp", "2-1.bmp", "a10.jpeg", "10-1.gif"];
        foreach (string name in names)
            File.WriteAllText(folder[name], "");
        string[] found = [.. FrameFiles.Of(folder.Path).Select(file => Path.GetFileName(file)!)];
        CollectionAssert.AreEqual((string[])["1-9.png", "01-10.PNG", "2-1.bmp", "10-1.gif", "a.jpg", "a2.webp", "a10.jpeg"], found);
    }

    [TestMethod]
    public void A_pixel_is_red_green_blue_or_its_brightness()
    {
        using var folder = new TemporaryFolder();
        SKColor[] colours = [new(10, 20, 30), new(40, 50, 60), new(70, 80, 90), new(100, 110, 120)];
        File.WriteAllBytes(folder["1.png"], FilmFolders.Png(2, 2, (y, x) => colours[2 * y + x]));
        var options = new PerceiverFrameLoadingOptions { Frames = 1, Height = 2, Width = 2 };
        var rows = FilmFolders.Rows(_context, folder.Path);
        float[] expected = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120];
        CollectionAssert.AreEqual(expected, Load(options, rows).Single());
        options.Grayscale = true;
        float[] grey = [.. expected.Chunk(3).Select(c => 0.299f * c[0] + 0.587f * c[1] + 0.114f * c[2])];
        FloatAssert.AreClose(grey, Load(options, rows).Single(), 1e-4f);
    }

    [TestMethod]
    [DataRow(PerceiverResampling.Bicubic)]
    [DataRow(PerceiverResampling.Nearest)]
    public void Frames_are_resized_as_images_are(PerceiverResampling resampling)
    {
        using var folder = new TemporaryFolder();
        string film = FilmFolders.WriteRandom(folder, "film", 2, seed: 3);
        var options = new PerceiverFrameLoadingOptions { Frames = 2, Height = 3, Width = 4, Resampling = resampling };
        float[] values = Load(options, FilmFolders.Rows(_context, film)).Single();
        var processor = new PerceiverImageProcessor(new PerceiverImageProcessorOptions
        {
            DoCenterCrop = false,
            Size = new(3, 4),
            Resample = resampling,
            DoRescale = false,
            DoNormalize = false,
        });
        float[][] planes = [.. Enumerable.Range(1, 2).Select(i =>
        {
            float[] frame = new float[3 * 3 * 4];
            processor.ProcessTo(PerceiverImageConversion.DecodeImage(File.ReadAllBytes(Path.Combine(film, $"{i}.png"))), frame);
            return frame;
        })];
        for (int i = 0; i < values.Length; i++)
        {
            int frame = i / 36, pixel = i % 36 / 3, channel = i % 3;
            Assert.AreEqual(planes[frame][channel * 12 + pixel], values[i], $"number {i}");
        }
    }

    [TestMethod]
    public void The_array_trainer_takes_a_film_by_its_dimensions_and_the_whole_is_saved()
    {
        using var folder = new TemporaryFolder();
        string[] films = [.. Enumerable.Range(0, 8).Select(i => FilmFolders.WriteRandom(folder, $"film{i}", 4, seed: i))];
        var rows = FilmFolders.Rows(_context, films);
        using var model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.Transforms.LoadPerceiverFrames("Features", null, "Film", frames: 4, height: 4, width: 6))
            .Append(_context.MulticlassClassification.Trainers.PerceiverArray(new PerceiverArrayClassificationOptions
            {
                Channels = 3,
                Patch = [2, 2, 3],
                Checkpoint = ArrayData.Checkpoint,
                Training = new PerceiverTrainingOptions { Epochs = 1 },
            }))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Fit(rows);
        var array = ((PerceiverArrayClassificationTransformer)model.ElementAt(2)).Model.Config.Array!;
        CollectionAssert.AreEqual((int[])[4, 4, 6], array.InputShape.ToArray());
        Assert.AreEqual(3, array.InputChannels);
        float[][] scores = [.. model.Transform(rows).GetColumn<float[]>("Score")];
        _context.Model.Save(model, rows.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        using var engine = new MLContext().Model.CreatePredictionEngine<FilmFolders.FolderRow, FilmFolders.Guess>(loaded);
        for (int i = 0; i < films.Length; i++)
            FloatAssert.AreClose(scores[i], engine.Predict(new FilmFolders.FolderRow { Film = films[i] }).Score, 1e-5f);
    }

    private IEnumerable<float[]> Load(PerceiverFrameLoadingOptions options, IDataView rows) =>
        _context.Transforms.LoadPerceiverFrames(options).Fit(rows).Transform(rows).GetColumn<float[]>("Features");
}
