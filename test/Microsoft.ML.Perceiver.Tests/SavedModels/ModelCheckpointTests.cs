using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.SavedModels;

/// <summary>Going on from a model file, or from a transformer.</summary>
[TestClass]
public sealed class ModelCheckpointTests
{
    private static readonly PerceiverConfig Config = TinyModels.Config with { InitializerRange = 0.3 };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_model_file_is_a_checkpoint_with_labels_weights_and_settings()
    {
        using var folder = new TemporaryFolder();
        using var trained = Fit(PerceiverCheckpoint.FromConfig(Config), maxLength: 20);
        _context.Model.Save(trained, Data(4).Schema, folder["model.zip"]);
        var checkpoint = PerceiverCheckpoint.FromModelFile(folder["model.zip"]);
        CollectionAssert.AreEqual(new[] { "a", "b" }, checkpoint.Config.LabelNames.ToArray());
        Assert.AreEqual(20, checkpoint.Tokenizer!.ModelMaxLength);
        StringAssert.Contains(checkpoint.Source, "model.zip");
        using var again = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Data(4));
        CollectionAssert.AreEqual(Scores(trained), Scores(again));
        using var further = Fit(checkpoint, maxLength: 20);
        CollectionAssert.AreNotEqual(Scores(trained), Scores(further));
        // What is trained further leaves the checkpoint as it was.
        using var third = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Data(4));
        CollectionAssert.AreEqual(Scores(trained), Scores(third));
    }

    [TestMethod]
    public void A_transformer_in_a_chain_is_a_checkpoint_as_long_as_it_lives()
    {
        var chain = _context.Transforms.CopyColumns("Copy", "Text")
            .Append(_context.Transforms.PerceiverTextClassification(
                PerceiverCheckpoint.FromConfig(Config.WithLabels(["a", "b"]) with
                {
                    Architectures = [nameof(PerceiverForSequenceClassification)],
                })))
            .Append(_context.Transforms.CopyColumns("Last", "Text"))
            .Fit(Data(4));
        var checkpoint = PerceiverCheckpoint.From(chain);
        using (var again = _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Data(4)))
            CollectionAssert.AreEqual(Scores(chain), Scores(again));
        chain.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => _context.Transforms.PerceiverTextClassification(checkpoint).Fit(Data(4)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => PerceiverCheckpoint.From(chain));
    }

    [TestMethod]
    public void The_encoder_of_a_saved_model_starts_another_head()
    {
        using var folder = new TemporaryFolder();
        using var trained = Fit(PerceiverCheckpoint.FromConfig(Config), maxLength: 20);
        trained.SavePretrained(folder.Path);
        float[] Expected(PerceiverCheckpoint start)
        {
            using var other = _context.MulticlassClassification.Trainers.PerceiverText(
                "Key", checkpoint: start, training: new() { Epochs = 1, BatchSize = 4 }).Fit(Data(12, labels: ["x", "y", "z"]));
            return Scores(other);
        }

        CollectionAssert.AreEqual(Expected(PerceiverCheckpoint.FromDirectory(folder.Path)), Expected(PerceiverCheckpoint.From(trained)));
    }

    [TestMethod]
    public void What_has_no_perceiver_or_several_is_refused()
    {
        var none = _context.Transforms.CopyColumns("Copy", "Text").Fit(Data(4));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => PerceiverCheckpoint.From(none)).Message, "there is none");
        using var folder = new TemporaryFolder();
        _context.Model.Save(none, Data(4).Schema, folder["none.zip"]);
        StringAssert.Contains(
            Assert.ThrowsExactly<ArgumentException>(() => PerceiverCheckpoint.FromModelFile(folder["none.zip"])).Message, "none.zip");
        using var one = Fit(PerceiverCheckpoint.FromConfig(Config), maxLength: 20);
        var two = new TransformerChain<ITransformer>(one, one);
        string message = Assert.ThrowsExactly<ArgumentException>(() => PerceiverCheckpoint.From(two)).Message;
        StringAssert.Contains(message, nameof(PerceiverTextClassificationTransformer));
        Assert.ThrowsExactly<FileNotFoundException>(() => PerceiverCheckpoint.FromModelFile(folder["missing.zip"]));
    }

    private PerceiverTextClassificationTransformer Fit(PerceiverCheckpoint checkpoint, int maxLength) =>
        _context.MulticlassClassification.Trainers.PerceiverText(new PerceiverTextClassificationOptions
        {
            LabelColumnName = "Key",
            Checkpoint = checkpoint,
            MaxLength = maxLength,
            Training = new() { Epochs = 1, BatchSize = 4 },
        }).Fit(Data(12));

    private float[] Scores(ITransformer model) => [.. model.Transform(Data(4)).GetColumn<float[]>("Score").SelectMany(s => s)];

    private IDataView Data(int rows, params string[] labels)
    {
        labels = labels.Length == 0 ? ["a", "b"] : labels;
        var data = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows).Select(i => (Number: i, Label: labels[i % labels.Length]))
                .Select(r => new Row { Text = $"text {r.Number} of {r.Label}", Label = r.Label }));
        return _context.Transforms.Conversion.MapValueToKey("Key", "Label").Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
