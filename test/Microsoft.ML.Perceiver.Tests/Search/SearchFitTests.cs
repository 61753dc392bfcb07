using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;

namespace Microsoft.ML.Perceiver.Tests.Search;

/// <summary>Trainers made from the options of a search learn, and a scope watches them.</summary>
[TestClass]
public sealed class SearchFitTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_text_trainer_learns_and_its_scope_looks_on()
    {
        var seen = new List<PerceiverTrainingProgress>();
        var data = Texts(40);
        using (PerceiverTrialScope.Begin(_context, seen.Add))
        {
            using var model = _context.Transforms.Conversion.MapValueToKey("Label")
                .Append(_context.MulticlassClassification.Trainers.PerceiverText(Tiny(epochs: 2))).Fit(data);
            Assert.AreEqual(40, model.Transform(data).GetColumn<float[]>("Score").Count(s => s.Length == 2));
        }

        CollectionAssert.AreEqual(new[] { 1, 2 }, seen.Where(p => p.IsEpochEnd).Select(p => p.Epoch).ToArray());
    }

    [TestMethod]
    public void A_scope_ends_a_training()
    {
        using var scope = PerceiverTrialScope.Begin(_context, now =>
        {
            if (now.IsEpochEnd)
                now.Stop();
        });
        using var model = Fit(Tiny(epochs: 9));
        Assert.AreEqual(PerceiverTrainingStopReason.Stopped, model.TrainingResult!.StopReason);
        Assert.HasCount(1, model.TrainingResult.Epochs);
    }

    [TestMethod]
    public void A_scopes_token_ends_a_training_and_leaves_its_context_alive()
    {
        using var cancellation = new CancellationTokenSource();
        using var scope = PerceiverTrialScope.Begin(_context, now => { if (now.IsEpochEnd) cancellation.Cancel(); }, cancellation.Token);
        using var model = Fit(Tiny(epochs: 9));
        Assert.AreEqual(PerceiverTrainingStopReason.Cancelled, model.TrainingResult!.StopReason);
        Assert.AreEqual(40, model.Transform(Keys()).GetColumn<float[]>("Score").Count());
    }

    [TestMethod]
    public void Before_a_training_the_token_cancels_the_context()
    {
        using var cancellation = new CancellationTokenSource();
        using var scope = PerceiverTrialScope.Begin(_context, cancellationToken: cancellation.Token);
        cancellation.Cancel();
        Assert.IsTrue(MlNetInternals.IsCancelled(MlNetInternals.EnvironmentOf(_context.Transforms)));
    }

    [TestMethod]
    public void A_context_has_one_scope_and_others_have_none_of_it()
    {
        int looks = 0;
        using (PerceiverTrialScope.Begin(_context, _ => looks++))
        {
            Assert.ThrowsExactly<InvalidOperationException>(() => PerceiverTrialScope.Begin(_context));
            var other = new MLContext(seed: 1);
            using var model = other.Transforms.Conversion.MapValueToKey("Label")
                .Append(other.MulticlassClassification.Trainers.PerceiverText(Tiny(epochs: 1))).Fit(Texts(20));
        }

        using (Fit(Tiny(epochs: 1)))
            Assert.AreEqual(0, looks);
        PerceiverTrialScope.Begin(_context).Dispose();
    }

    [TestMethod]
    public void A_regression_leaves_out_what_is_for_classes()
    {
        var options = Tiny(epochs: 1);
        (options.LabelColumnName, options.LabelSmoothing, options.BalanceClasses) = ("Number", 0.1, true);
        using var model = _context.Regression.Trainers.PerceiverText(options).Fit(Texts(20));
        Assert.HasCount(1, model.TrainingResult!.Epochs);
    }

    [TestMethod]
    public void An_image_trainer_learns()
    {
        var data = _context.Data.LoadFromEnumerable(TinyImages.Rows(16));
        var options = new PerceiverImageSearchOptions
        {
            ImageColumnName = "Pixels",
            Size = PerceiverModelSize.Tiny,
            Epochs = 1,
            BatchSize = 8,
            HorizontalFlip = true,
            MinCropArea = 0.5,
            CutMix = 1,
        };
        using var model = _context.Transforms.Conversion.MapValueToKey("Label")
            .Append(_context.MulticlassClassification.Trainers.PerceiverImage(options)).Fit(data);
        Assert.AreEqual(16, model.Transform(data).GetColumn<float[]>("Score").Count(s => s.Length == 2));
    }

    private static PerceiverTextSearchOptions Tiny(int epochs) =>
        new() { Size = PerceiverModelSize.Tiny, Epochs = epochs, BatchSize = 16, MaxLength = 24, ValidationFraction = 0.2 };

    private PerceiverTextClassificationTransformer Fit(PerceiverTextSearchOptions options) =>
        _context.MulticlassClassification.Trainers.PerceiverText(options).Fit(Keys());

    private IDataView Keys()
    {
        var data = Texts(40);
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private IDataView Texts(int rows) => _context.Data.LoadFromEnumerable(Enumerable.Range(0, rows).Select(i =>
        new Row { Text = new string(i % 2 == 0 ? 'a' : 'z', 3 + i % 7), Label = i % 2 == 0 ? "first" : "last", Number = i % 2 }).ToArray());

    private sealed class Row
    {
        public string Text { get; set; } = "";

        public string Label { get; set; } = "";

        public float Number { get; set; }
    }
}
