using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>A context stays cancelled. That ends what runs in it; what begins afterwards with a model that was kept is of use.</summary>
[TestClass]
public sealed class CancelledContextTests
{
    private static readonly string[] Files = [TinyImages.File("grey.jpg"), TinyImages.File("rgba.png")];
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_chain_with_a_stage_that_loads_images_is_used_and_saved_after_its_training_was_cancelled()
    {
        var rows = Rows(12);
        var loader = _context.Transforms.LoadPerceiverImages("Image", imageFolder: null, "Path");
        var view = loader.Fit(rows).Transform(rows);
        using var chain = _context.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(loader)
            .Append(_context.MulticlassClassification.Trainers.PerceiverImage(
                "Key", checkpoint: TinyImages.Checkpoint(), training: CancellingTraining()))
            .Fit(rows);
        IsCancelledButOfUse(chain, rows);
        // A view from before the cancellation too.
        Assert.HasCount(12, chain.LastTransformer.Transform(view).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void A_chain_with_another_model_before_the_one_that_was_cancelled_is_used_and_saved()
    {
        var rows = Rows(12);
        var text = PerceiverCheckpoint.FromConfig(TinyModels.Config with { InitializerRange = 0.3 }, 3);
        using var chain = _context.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_context.Transforms.PerceiverFillMask(text, outputColumnName: "Filled", textColumnName: "Masked"))
            .Append(_context.MulticlassClassification.Trainers.PerceiverText(
                "Key", "Filled", checkpoint: text, training: CancellingTraining()))
            .Fit(rows);
        IsCancelledButOfUse(chain, rows);
    }

    [TestMethod]
    public void What_runs_when_the_context_is_cancelled_ends()
    {
        var rows = Rows(3);
        var loader = _context.Transforms.LoadPerceiverImages("Image", imageFolder: null, "Path").Fit(rows);
        var loaded = loader.Transform(rows);
        using var classifier = _context.Transforms.PerceiverImageClassification(TinyImages.Checkpoint()).Fit(loaded);
        using var begun = _context.Model.CreatePredictionEngine<Row, ScoreRow>(loader.Append(classifier));
        var row = new Row(Files[0], "a");
        float[] expected = begun.Predict(row).Score;
        using var cursor = loaded.GetRowCursor(loaded.Schema);
        Assert.IsTrue(cursor.MoveNext());

        _context.CancelExecution();
        Assert.ThrowsExactly<OperationCanceledException>(() => cursor.MoveNext());
        Assert.ThrowsExactly<OperationCanceledException>(() => begun.Predict(row));
        using var another = _context.Model.CreatePredictionEngine<Row, ScoreRow>(loader.Append(classifier));
        CollectionAssert.AreEqual(expected, another.Predict(row).Score);
        Assert.HasCount(3, classifier.Transform(loaded).GetColumn<float[]>("Score").ToArray());
    }

    [TestMethod]
    public void A_training_that_begins_in_a_cancelled_context_has_no_model()
    {
        var rows = Rows(12);
        _context.CancelExecution();
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Key", "Label")
            .Append(_context.Transforms.LoadPerceiverImages("Image", imageFolder: null, "Path"))
            .Append(_context.MulticlassClassification.Trainers.PerceiverImage("Key", checkpoint: TinyImages.Checkpoint()));
        Assert.ThrowsExactly<OperationCanceledException>(() => pipeline.Fit(rows));
    }

    private void IsCancelledButOfUse(ITransformer chain, IDataView rows)
    {
        Assert.IsTrue(MlNetInternals.IsCancelled(MlNetInternals.EnvironmentOf(_context.Transforms)));
        float[][] scores = [.. chain.Transform(rows).GetColumn<float[]>("Score")];
        Assert.HasCount(12, scores);
        // Closed with the chain: an engine that is disposed releases the chain's models.
        var engine = _context.Model.CreatePredictionEngine<Row, ScoreRow>(chain);
        Assert.HasCount(scores[0].Length, engine.Predict(new Row(Files[0], "a")).Score);

        using var folder = new TemporaryFolder();
        _context.Model.Save(chain, rows.Schema, folder["model.zip"]);
        var loaded = new MLContext().Model.Load(folder["model.zip"], out _);
        using var owner = (IDisposable)loaded;
        CollectionAssert.AreEqual(scores[0], loaded.Transform(rows).GetColumn<float[]>("Score").First());
    }

    private PerceiverTrainingOptions CancellingTraining() => new()
    {
        Epochs = 1000,
        BatchSize = 4,
        Progress = now =>
        {
            if (now.Epoch == 2)
                _context.CancelExecution();
        },
    };

    private IDataView Rows(int count) => _context.Data.LoadFromEnumerable(
        Enumerable.Range(0, count).Select(i => new Row(Files[i % 2], i % 2 == 0 ? "a" : "b")).ToArray());

    private sealed class Row
    {
        public Row()
        {
        }

        public Row(string path, string label) => (Path, Label, Masked) = (path, label, label + " [MASK]");

        public string Path { get; set; } = "";

        public string Label { get; set; } = "";

        public string Masked { get; set; } = "";
    }

    private sealed class ScoreRow
    {
        public float[] Score { get; set; } = [];
    }
}
