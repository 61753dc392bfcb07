using BatchScore.Inputs;

namespace Microsoft.ML.Perceiver.BatchScore.Tests;

/// <summary>The files that --input names.</summary>
[TestClass]
public sealed class InputFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Patterns_find_files_in_the_order_of_their_paths()
    {
        Write("b/2.txt", "a/10.txt", "a/9.txt", "top.txt", "a/deep/1.txt", "a/other.csv");
        CollectionAssert.AreEqual(new[] { "a/10.txt", "a/9.txt" }, Names("a/*.txt"));
        CollectionAssert.AreEqual(new[] { "a/10.txt", "a/9.txt", "a/deep/1.txt", "b/2.txt", "top.txt" }, Names("**/*.txt"));
        CollectionAssert.AreEqual(new[] { "top.txt", "b/2.txt" }, Names("top.txt", "b/*"));
    }

    [TestMethod]
    public void A_folder_gives_its_files_of_the_format()
    {
        Write("data/1.png", "data/deep/2.JPG", "data/readme", "data/table.csv");
        var (files, format) = InputFiles.Find([_folder["data"]], "images", _folder["out"]);
        Assert.AreEqual("images", format);
        CollectionAssert.AreEqual(new[] { _folder["data/1.png"], _folder["data/deep/2.JPG"] }, files.Select(file => file.Path).ToArray());
    }

    [TestMethod]
    public void What_is_in_the_job_s_own_folder_is_no_input()
    {
        Write("data/1.tsv", "data/out/shard-00000.tsv", "data/outside.tsv");
        var (files, _) = InputFiles.Find([_folder["data"]], null, _folder["data/out"]);
        CollectionAssert.AreEqual(new[] { _folder["data/1.tsv"], _folder["data/outside.tsv"] }, files.Select(file => file.Path).ToArray());
    }

    [TestMethod]
    public void Names_tell_the_format()
    {
        Assert.AreEqual("lines", RowFormat.NameOf("a.txt"));
        Assert.AreEqual("csv", RowFormat.NameOf("a.b.TSV"));
        Assert.AreEqual("parquet", RowFormat.NameOf("a.parquet"));
        Assert.AreEqual("images", RowFormat.NameOf("a.jpeg"));
        Assert.IsNull(RowFormat.NameOf("a.txt.gz"));
    }

    [TestMethod]
    public void Inputs_that_make_no_sense_are_refused_by_name()
    {
        Write("a.txt", "b.csv", "c.gz");
        Refused<ArgumentException>("'{0}/a.txt' is named twice, at last by --input '{0}/*.txt'.", "a.txt", "*.txt");
        Refused<ArgumentException>("'{0}/a.txt' is of lines and '{0}/b.csv' of csv; one run takes one format.", "a.txt", "b.csv");
        Refused<ArgumentException>("The name '{0}/c.gz' does not tell its format; say it with --format.", "c.gz");
        Refused<ArgumentException>("--input '{0}/*.png' matches no file.", "*.png");
        Refused<ArgumentException>("--input '{0}/no/*.txt': there is no folder '{0}/no'.", "no/*.txt");
        Refused<FileNotFoundException>("The input '{0}/no.txt' is not there.", "no.txt");
    }

    private void Refused<T>(string message, params string[] inputs)
        where T : Exception
    {
        var error = Assert.ThrowsExactly<T>(() => InputFiles.Find([.. inputs.Select(input => _folder[input])], null, _folder["out"]));
        Assert.AreEqual(message.Replace("{0}", _folder.Path, StringComparison.Ordinal), error.Message);
    }

    private string[] Names(params string[] inputs)
    {
        var (files, _) = InputFiles.Find([.. inputs.Select(input => _folder[input])], null, _folder["out"]);
        return [.. files.Select(file => Path.GetRelativePath(_folder.Path, file.Name))];
    }

    private void Write(params string[] names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
            File.WriteAllText(_folder[name], "x");
        }
    }
}
