using Microsoft.ML.Perceiver.Tests.Modules;
using Microsoft.ML.Perceiver.Tests.Runtime;

namespace Microsoft.ML.Perceiver.Tests.Stages;

/// <summary>Prediction engines share a model, also those that ML.NET makes its owners, which is the default.</summary>
[TestClass]
public sealed class EngineOwnershipTests
{
    private static readonly PredictionEngineOptions NotOwned = new() { OwnsTransformer = false };

    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void A_second_engine_works_after_the_first_was_disposed()
    {
        using var model = Fit();
        for (int i = 0; i < 3; i++)
        {
            using var engine = Engine(model);
            Assert.HasCount(2, engine.Predict(new Row()).Score);
        }

        using var other = Engine(model);
        using (Engine(model))
            Assert.HasCount(2, other.Predict(new Row()).Score);
        Assert.HasCount(2, other.Predict(new Row()).Score);
    }

    [TestMethod]
    public void So_it_does_in_a_chain()
    {
        var model = _context.Transforms.CopyColumns("Copy", "Text").Append(Estimator()).Fit(Data());
        for (int i = 0; i < 3; i++)
        {
            using var engine = Engine(model);
            Assert.HasCount(2, engine.Predict(new Row()).Score);
        }

        model.LastTransformer.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => Engine(model));
    }

    [TestMethod]
    public void Whoever_disposes_the_model_takes_it_from_engines_too()
    {
        var model = Fit();
        var weights = model.Model.parameters().ToArray();
        using var owner = Engine(model);
        using var user = Engine(model, NotOwned);
        using (Engine(model))
        {
        }

        model.Dispose();
        Assert.IsTrue(weights.All(w => w.IsInvalid));
        Assert.ThrowsExactly<ObjectDisposedException>(() => owner.Predict(new Row()));
        Assert.ThrowsExactly<ObjectDisposedException>(() => user.Predict(new Row()));
        Assert.ThrowsExactly<ObjectDisposedException>(() => Engine(model));
    }

    [TestMethod]
    public void A_model_that_no_engine_owns_is_its_makers_alone()
    {
        var model = Fit();
        using (var engine = Engine(model, NotOwned))
            Assert.HasCount(2, engine.Predict(new Row()).Score);
        using (var engine = Engine(model, NotOwned))
            Assert.HasCount(2, engine.Predict(new Row()).Score);
        model.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(Data()));
    }

    // A fresh process, as what it counts would change what the other tests of this one see.
    [TestMethod]
    public void A_model_outlives_engines_whose_disposal_the_runtime_has_inlined() =>
        CollectionAssert.AreEqual(new[] { "2", "disposed" }, HostProcess.Run("engines"));

    [TestMethod]
    public void A_model_that_only_engines_had_is_collected()
    {
        var (model, weight) = UseAndForget();
        for (int i = 0; i < 10 && (model.IsAlive || weight.IsAlive); i++)
            TinyModels.TensorsBefore();
        Assert.IsFalse(model.IsAlive);
        // Collected, the weights are released by their finalizers.
        Assert.IsFalse(weight.IsAlive);
    }

    // Out of the test's own frame, which would keep the model alive.
    private (WeakReference Model, WeakReference Weight) UseAndForget()
    {
        var model = Fit();
        using (var engine = Engine(model))
            engine.Predict(new Row());
        return (new WeakReference(model), new WeakReference(model.Model.parameters().First()));
    }

    private PerceiverTextClassificationEstimator Estimator() => _context.Transforms.PerceiverTextClassification(
        PerceiverCheckpoint.FromConfig(TinyModels.Config.WithLabels(["a", "b"]), 3));

    private PerceiverTextClassificationTransformer Fit() => Estimator().Fit(Data());

    private IDataView Data() => _context.Data.LoadFromEnumerable([new Row()]);

    private PredictionEngine<Row, Prediction> Engine(ITransformer model) =>
        _context.Model.CreatePredictionEngine<Row, Prediction>(model);

    private PredictionEngine<Row, Prediction> Engine(ITransformer model, PredictionEngineOptions options) =>
        _context.Model.CreatePredictionEngine<Row, Prediction>(model, options);

    private sealed class Row
    {
        public string Text { get; set; } = "text";
    }

    private sealed class Prediction
    {
        public float[] Score { get; set; } = [];
    }
}
