using BatchScore.Outputs;
using BatchScore.Planning;
using BatchScore.Running;
using BatchScore.Scoring;
using Microsoft.ML.Data;
using Parquet;
using Parquet.Data;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>What is read, scored and written, and how rows are refused.</summary>
[TestClass]
public sealed class ScoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Slots_with_names_are_fields_and_labels_are_not_needed()
    {
        File.WriteAllText(_folder["a.csv"], "B,A,Other\n1,2.5,x\n-3e2,,y\n");
        var job = new TestJob(TestModels.Numbers(_folder), [_folder["a.csv"]], _folder["out"]);
        var plan = job.Score();
        Assert.AreEqual("File\tRow\tScore.A\tScore.B", job.Header());
        string name = _folder["a.csv"];
        CollectionAssert.AreEqual(new[] { $"{name}\t1\t2.5\t1", $"{name}\t2\tNaN\t-300" }, job.Lines(plan));
    }

    [TestMethod]
    public void Several_fields_make_a_vector_and_one_field_may_have_several_numbers()
    {
        string model = TestModels.Vectors(_folder);
        File.WriteAllText(_folder["a.csv"], "x;y;z\n1;2;3\n4;5;6\n");
        File.WriteAllText(_folder["b.csv"], "Features\n\"[1, 2,3]\"\n4 5 6\n");
        string[] expected = ["1\t[1,2,3]", "2\t[4,5,6]"];
        var options = new JobOptions { ModelHash = "", Format = "csv", Delimiter = ';', Columns = ["Features=x,y,z"] };
        var several = new TestJob(model, [_folder["a.csv"]], _folder["several"]) { Options = options };
        CollectionAssert.AreEqual(expected, Array.ConvertAll(several.Lines(several.Score()), line => line.Split('\t', 2)[1]));
        var one = new TestJob(model, [_folder["b.csv"]], _folder["one"]);
        CollectionAssert.AreEqual(expected, Array.ConvertAll(one.Lines(one.Score()), line => line.Split('\t', 2)[1]));
    }

    [TestMethod]
    public void Bad_rows_are_errors_that_name_file_and_row()
    {
        string model = TestModels.Numbers(_folder);
        Refused(model, "A,B\n1,2\n3\n", "row 2: it has 1 fields; the header names 2.");
        Refused(model, "A,B\n1,2\n3,4\nx,5\n", "row 3: the column 'A' takes Single, and the row has 'x'.");
        Refused(model, "A,B\n\"1\" ,2\n", "row 1: something stands between the quotes of field 1 and the next field.");
        Refused(TestModels.Vectors(_folder), "Features\n1 2\n", "row 1: the column 'Features' takes 3 values, and the row has 2.");
    }

    [TestMethod]
    public void Tables_without_the_fields_are_refused_before_anything_is_scored()
    {
        string model = TestModels.Numbers(_folder);
        Refused(model, "A,C\n1,2\n", "has no field 'B' for the column 'B'; its header names A, C.");
        Refused(model, "A,A,B\n1,2,3\n", "names 'A' twice.");
        Refused(model, "", "does not begin with a header line.");
        Refused(model, "A,B\n1,2\n3,\"4\n", "row 2: a quote is not closed before the file's end.");
        Assert.IsEmpty(Directory.GetFiles(_folder.Path, "shard-*", SearchOption.AllDirectories));
    }

    [TestMethod]
    public void Bad_rows_that_are_skipped_are_listed()
    {
        File.WriteAllText(_folder["a.csv"], "A,B\n1,2\n3\n5,6\nx,8\n9,10\n");
        var options = new JobOptions { ModelHash = "", Format = "csv", SkipBad = true, RowsPerShard = 3 };
        var job = new TestJob(TestModels.Numbers(_folder), [_folder["a.csv"]], _folder["out"]) { Options = options };
        var plan = job.Score();
        CollectionAssert.AreEqual(new[] { "1", "3", "5" }, Array.ConvertAll(job.Lines(plan), line => line.Split('\t')[1]));
        string name = _folder["a.csv"];
        CollectionAssert.AreEqual(
            new[] { "File\tRow\tError", $"{name}\t2\tit has 1 fields; the header names 2." }, File.ReadAllLines(job.Folder.BadRows(0)));
        CollectionAssert.AreEqual(
            new[] { "File\tRow\tError", $"{name}\t4\tthe column 'A' takes Single, and the row has 'x'." },
            File.ReadAllLines(job.Folder.BadRows(1)));
        Assert.AreEqual(new Verification(Shards: 2, Rows: 3, BadRows: 2, Lost: 0, Misplaced: 0), Verification.Of(job.Folder, plan));
    }

    [TestMethod]
    public void An_image_that_is_broken_is_refused_or_skipped_by_name()
    {
        string model = TestModels.Images(_folder);
        Directory.CreateDirectory(_folder["images"]);
        for (byte i = 0; i < 5; i++)
        {
            byte[] pixels = [.. Enumerable.Repeat(new byte[] { i, (byte)(10 * i), 200, 255 }, 16).SelectMany(pixel => pixel)];
            using var image = MLImage.CreateFromPixels(4, 4, MLPixelFormat.Rgba32, pixels);
            image.Save(_folder[$"images/{i}.png"]);
        }

        File.WriteAllText(_folder["images/2.png"], "no image");
        string broken = _folder["images/2.png"];
        var options = new JobOptions { ModelHash = "", Format = "images", ImageColumn = "Image" };
        var strict = new TestJob(model, [_folder["images"]], _folder["strict"]) { Options = options };
        var error = Assert.ThrowsExactly<FormatException>(() => strict.Score());
        StringAssert.StartsWith(error.Message, $"'{broken}', row 1: ");
        var job = new TestJob(model, [_folder["images"]], _folder["out"]) { Options = options with { SkipBad = true } };
        var plan = job.Score();
        CollectionAssert.AreEqual(
            new[] { "0.png [0,0,200]", "1.png [1,10,200]", "3.png [3,30,200]", "4.png [4,40,200]" },
            Array.ConvertAll(job.Lines(plan), line => $"{Path.GetFileName(line.Split('\t')[0])} {line.Split('\t')[2]}"));
        StringAssert.StartsWith(File.ReadAllLines(job.Folder.BadRows(0))[1], $"{broken}\t1\t");
        Assert.AreEqual(new Verification(Shards: 1, Rows: 4, BadRows: 1, Lost: 0, Misplaced: 0), Verification.Of(job.Folder, plan));
    }

    [TestMethod]
    public async Task Parquet_outputs_have_the_same_values()
    {
        File.WriteAllText(_folder["a.csv"], "x,y,z\n1,2,3\n4,5,6\n7,8,9\n");
        var options = new JobOptions
        {
            ModelHash = "",
            Format = "csv",
            Columns = ["Features=x,y,z"],
            OutFormat = "parquet",
            RowsPerShard = 2,
        };
        var job = new TestJob(TestModels.Vectors(_folder), [_folder["a.csv"]], _folder["out"]) { Options = options };
        var plan = job.Score();
        Assert.AreEqual(new Verification(Shards: 2, Rows: 3, BadRows: 0, Lost: 0, Misplaced: 0), Verification.Of(job.Folder, plan));
        string path = job.Folder.Output(0, "parquet");
        CollectionAssert.AreEqual(new[] { (_folder["a.csv"], 1L), (_folder["a.csv"], 2L) }, ShardWriter.ReadRows(path).ToArray());
        await using var reader = await ParquetReader.CreateAsync(path);
        using var raw = await reader.RowGroups[0].ReadRawColumnDataBaseAsync(reader.Schema.DataFields[2], CancellationToken.None);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, ((RawColumnData<float>)raw).Values.ToArray());
        CollectionAssert.AreEqual(new[] { 0, 1, 1, 0, 1, 1 }, raw.RepetitionLevels.ToArray());
    }

    [TestMethod]
    public void Outputs_can_be_chosen_and_unknown_ones_are_refused()
    {
        string model = TestModels.Numbers(_folder);
        File.WriteAllText(_folder["a.csv"], "A,B\n1,2\n");
        var options = new JobOptions { ModelHash = "", Format = "csv", Outputs = ["A", "Score"] };
        var job = new TestJob(model, [_folder["a.csv"]], _folder["out"]) { Options = options };
        Assert.AreEqual($"{_folder["a.csv"]}\t1\t1\t1\t2", job.Lines(job.Score()).Single());
        options = options with { Outputs = ["Nothing"] };
        var error = Assert.ThrowsExactly<ArgumentException>(() => ScoringModel.Load(model, options, gpu: null));
        StringAssert.StartsWith(error.Message, "--outputs names 'Nothing', which cannot be written; these can: ");
    }

    [TestMethod]
    public void Formats_that_cannot_give_the_columns_are_refused()
    {
        File.WriteAllText(_folder["a.txt"], "x\n");
        var job = new TestJob(TestModels.Numbers(_folder), [_folder["a.txt"]], _folder["out"]);
        var error = Assert.ThrowsExactly<ArgumentException>(() => job.Plan());
        Assert.AreEqual("lines give one column; the outputs depend on 'A' (Single), 'B' (Single).", error.Message);
    }

    [TestMethod]
    public void Models_of_images_say_how_their_column_is_named()
    {
        File.WriteAllText(_folder["a.png"], "");
        var job = new TestJob(TestModels.Images(_folder), [_folder["a.png"]], _folder["out"]);
        var error = Assert.ThrowsExactly<ArgumentException>(() => job.Plan());
        StringAssert.StartsWith(error.Message, "The model does not take the columns that it was saved with ('Label'): ");
        StringAssert.EndsWith(error.Message, "ML.NET does not save columns of images: --image-column names it.");
    }

    private void Refused(string model, string csv, string message)
    {
        string folder = _folder[Guid.NewGuid().ToString()];
        File.WriteAllText(_folder["bad.csv"], csv);
        var error = Assert.ThrowsExactly<FormatException>(() => new TestJob(model, [_folder["bad.csv"]], folder).Score());
        StringAssert.Contains(error.Message, _folder["bad.csv"]);
        StringAssert.Contains(error.Message, message);
    }
}
