using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.Perceiver.TestHost;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages.ModelFile;

/// <summary>Loading a model with the exception that says what went wrong.</summary>
[TestClass]
public sealed class LoadPerceiverTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_model_is_loaded_from_a_file_and_from_a_stream()
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        using var model = Estimator().Fit(data);
        string path = folder["model.zip"];
        _context.Model.Save(model, data.Schema, path);
        using var loaded = (PerceiverTextClassificationTransformer)_context.Model.LoadPerceiver(path, out var schema);
        Assert.AreEqual(data.Schema.Count, schema.Count);
        EstimatorCheck.AssertSame(
            [.. RowDump.Lines(model.Transform(data), "Score")], [.. RowDump.Lines(loaded.Transform(data), "Score")], "loaded");
        using var stream = File.OpenRead(path);
        using var again = (PerceiverTextClassificationTransformer)_context.Model.LoadPerceiver(stream, out _);
        Assert.IsTrue(stream.CanRead);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void A_damaged_model_fails_with_what_is_wrong(bool isChain)
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        string path = folder["model.zip"];
        using (var model = Estimator().Fit(data))
        {
            // A chain in a chain is made by reflection twice.
            ITransformer saved = isChain ? _context.Transforms.CopyColumns("Copy", "Text").Fit(data).Append(model) : model;
            _context.Model.Save(saved, data.Schema, path);
        }

        using (var zip = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var entry = zip.Entries.First(e => e.FullName.EndsWith("Settings.json", StringComparison.Ordinal));
            string name = entry.FullName;
            entry.Delete();
            using var writer = new StreamWriter(zip.CreateEntry(name).Open());
            writer.Write("{ damaged");
        }

        Assert.ThrowsExactly<TargetInvocationException>(() => _context.Model.Load(path, out _));
        var error = Assert.ThrowsExactly<FormatException>(() => _context.Model.LoadPerceiver(path, out _));
        // Where it was thrown, not where it was caught.
        StringAssert.Contains(error.StackTrace, "ModelEntryReader");
    }

    [TestMethod]
    public void Other_failures_come_as_they_are()
    {
        using var folder = new TemporaryFolder();
        Assert.ThrowsExactly<FileNotFoundException>(() => _context.Model.LoadPerceiver(folder["none.zip"], out _));
        Assert.ThrowsExactly<ArgumentException>(() => _context.Model.LoadPerceiver("", out _));
        File.WriteAllText(folder["text.zip"], "no model");
        Assert.Throws<Exception>(() => _context.Model.LoadPerceiver(folder["text.zip"], out _));
    }

    private PerceiverTextClassificationEstimator Estimator() => _context.Transforms.PerceiverTextClassification(
        PerceiverCheckpoint.FromConfig(TinyModels.Config.WithLabels(["a", "b"]), 3));

    private IDataView Data() => _context.Data.LoadFromEnumerable([new { Text = "a" }, new { Text = "b" }]);
}
