using BatchScore.Planning;
using Parquet;
using Parquet.Schema;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>Parquet files as inputs.</summary>
[TestClass]
public sealed class ParquetFormatTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(4)]
    [DataRow(100)]
    public async Task Rows_of_several_groups_and_files_are_in_one_shard_each(int rowsPerShard)
    {
        await WriteTextsAsync("1.parquet", ["a", "b", null, "d"], ["e"]);
        await WriteTextsAsync("2.parquet", ["f", "g"]);
        var options = new JobOptions { ModelHash = "", Format = "parquet", RowsPerShard = rowsPerShard, Columns = ["Text=Words"] };
        var job = new TestJob(TestModels.Text(_folder), [_folder["*.parquet"]], _folder["out"]) { Options = options };
        var plan = job.Score();
        Assert.HasCount((7 + rowsPerShard - 1) / rowsPerShard, plan.Shards);
        CollectionAssert.AreEqual(
            new[] { "1 1 a", "1 2 b", "1 3 ", "1 4 d", "1 5 e", "2 1 f", "2 2 g" },
            Array.ConvertAll(job.Lines(plan), Short));
    }

    [TestMethod]
    public async Task Lists_are_vectors_and_integers_are_numbers()
    {
        await WriteListsAsync("lists.parquet", [1, 2, 3, 4, 5, 6], levels: [2, 2, 2, 2, 2, 2], repetitions: [0, 1, 1, 0, 1, 1]);
        var job = new TestJob(TestModels.Vectors(_folder), [_folder["lists.parquet"]], _folder["out"]);
        CollectionAssert.AreEqual(new[] { "[1,2,3]", "[4,5,6]" }, Array.ConvertAll(job.Lines(job.Score()), line => line.Split('\t')[2]));
    }

    [TestMethod]
    public async Task Lists_of_another_length_are_bad_rows()
    {
        // Three numbers, none, no list, two.
        await WriteListsAsync("lists.parquet", [1, 2, 3, 4, 5], levels: [2, 2, 2, 1, 0, 2, 2], repetitions: [0, 1, 1, 0, 0, 0, 1]);
        var options = new JobOptions { ModelHash = "", Format = "parquet", SkipBad = true };
        var job = new TestJob(TestModels.Vectors(_folder), [_folder["lists.parquet"]], _folder["out"]) { Options = options };
        var plan = job.Score();
        Assert.AreEqual("[1,2,3]", job.Lines(plan).Single().Split('\t')[2]);
        CollectionAssert.AreEqual(
            new[]
            {
                "2 the column 'Features' takes 3 values, and the row has 0.",
                "3 the column 'Features' takes 3 values, and the row has 0.",
                "4 the column 'Features' takes 3 values, and the row has 2.",
            },
            File.ReadAllLines(job.Folder.BadRows(0)).Skip(1).Select(line => string.Join(' ', line.Split('\t')[1..])).ToArray());
    }

    [TestMethod]
    public async Task Missing_columns_and_other_types_are_refused_by_file_and_column()
    {
        string path = _folder["1.parquet"];
        await WriteTextsAsync("1.parquet", ["a"]);
        Refused(TestModels.Text(_folder), $"'{path}' has no column 'Text' for the model's 'Text'; it has Words.");
        Refused(
            TestModels.Vectors(_folder),
            $"'{path}': the column 'Words' has String, and 'Features' of the model takes vectors of 3 Single.",
            "Features=Words");
        File.WriteAllText(path, "no parquet, but long enough to have a footer");
        Refused(TestModels.Text(_folder), $"'{path}' is no Parquet file: ");
    }

    // File, row and text.
    private static string Short(string line) =>
        Path.GetFileName(line).Replace(".parquet", "", StringComparison.Ordinal).Replace('\t', ' ');

    private void Refused(string model, string message, params string[] columns)
    {
        var options = new JobOptions { ModelHash = "", Format = "parquet", Columns = columns };
        var job = new TestJob(model, [_folder["1.parquet"]], _folder[Guid.NewGuid().ToString()]) { Options = options };
        var error = Assert.ThrowsExactly<FormatException>(() => job.Plan());
        StringAssert.StartsWith(error.Message, message);
    }

    private async Task WriteTextsAsync(string name, params string?[][] groups)
    {
        var schema = new ParquetSchema(new DataField<string>("Words"));
        await using var stream = File.Create(_folder[name]);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        foreach (string?[] texts in groups)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync(schema.DataFields[0], texts!);
        }
    }

    private async Task WriteListsAsync(string name, int[] values, int[] levels, int[] repetitions)
    {
        var schema = new ParquetSchema(new ListField("Features", new DataField<int>("element")));
        await using var stream = File.Create(_folder[name]);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream);
        using var group = writer.CreateRowGroup();
        await group.WriteAllPartsAsync<int>(schema.DataFields[0], values, levels, repetitions, CancellationToken.None);
    }
}
