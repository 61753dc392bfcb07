using Microsoft.ML.AutoML;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver.Tests.ImageClassification;
using Microsoft.ML.SearchSpace;
using Microsoft.ML.SearchSpace.Option;

namespace Microsoft.ML.Perceiver.AutoML.Tests;

/// <summary>Whole experiments of ML.NET's AutoML.</summary>
[TestClass]
public sealed class ExperimentTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public async Task An_experiment_with_its_own_tuner_returns_a_model_that_saves_and_loads()
    {
        var epochs = new List<PerceiverTrialProgress>();
        var data = TinyTexts.Load(_context, 60);
        var options = new PerceiverTrialOptions { Progress = epochs.Add };
        var result = await Experiment(Text(Narrow()), data, options).SetMaxModelToExplore(2).RunAsync();
        Assert.IsGreaterThanOrEqualTo(0.5, result.Metric);
        Assert.AreEqual(-result.Metric, result.Loss);
        CollectionAssert.AreEqual(new[] { 0, 1 }, epochs.Select(e => e.TrialId).Distinct().ToArray());
        Assert.IsTrue(epochs.All(e => e.Fold == 0 && e.Training.ValidationMetrics!.ContainsKey("LogLoss")));

        using var stream = new MemoryStream();
        _context.Model.Save(result.Model, data.Schema, stream);
        stream.Position = 0;
        var loaded = new MLContext().Model.Load(stream, out _);
        CollectionAssert.AreEqual(Predictions(result.Model, data), Predictions(loaded, data));
        ((IDisposable)loaded).Dispose();
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task Losing_models_are_disposed_and_hopeless_trials_end_early()
    {
        var epochs = new List<PerceiverTrialProgress>();
        var data = TinyTexts.Load(_context, 60);
        var pipeline = Text(Narrow());
        var tuner = new ScriptedTuner(pipeline, Options(1e-6, epochs: 1), Options(5e-3, epochs: 8), Options(1e-6, epochs: 8));
        var options = new PerceiverTrialOptions { StartupTrials = 1, Progress = epochs.Add };
        var result = await Experiment(pipeline, data, options).SetTuner(tuner).SetMaxModelToExplore(3).RunAsync();
        Assert.HasCount(3, tuner.Results);
        Assert.AreEqual(1, result.TrialSettings.TrialId);
        foreach (var trial in tuner.Results)
        {
            if (trial == result)
                Assert.HasCount(60, Predictions(trial.Model, data));
            else
                Assert.ThrowsExactly<ObjectDisposedException>(() => Predictions(trial.Model, data));
        }

        Assert.AreEqual(8, epochs.Count(e => e.TrialId == 1));
        Assert.IsTrue(epochs.Last().IsPruned);
        Assert.IsLessThan(8, epochs.Count(e => e.TrialId == 2));
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task Time_ends_an_experiment_with_the_best_weights_so_far()
    {
        var pipeline = Text(Narrow());
        var result = await Experiment(pipeline, TinyTexts.Load(_context, 60), new PerceiverTrialOptions())
            .SetTuner(new ScriptedTuner(pipeline, Options(1e-3, epochs: 1_000_000))).SetTrainingTimeInSeconds(10).RunAsync();
        Assert.AreEqual(0, result.TrialSettings.TrialId);
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task Cancellation_ends_an_experiment_with_the_best_weights_so_far()
    {
        using var cancellation = new CancellationTokenSource();
        var pipeline = Text(Narrow());
        var options = new PerceiverTrialOptions { Progress = _ => cancellation.Cancel() };
        var result = await Experiment(pipeline, TinyTexts.Load(_context, 60), options)
            .SetTuner(new ScriptedTuner(pipeline, Options(1e-3, epochs: 1_000_000))).RunAsync(cancellation.Token);
        Assert.IsTrue(double.IsFinite(result.Loss));
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task A_trial_has_a_time_of_its_own()
    {
        var pipeline = Text(Narrow());
        var options = new PerceiverTrialOptions { MaxTrialDuration = TimeSpan.FromSeconds(1) };
        var result = await Experiment(pipeline, TinyTexts.Load(_context, 60), options)
            .SetTuner(new ScriptedTuner(pipeline, Options(1e-3, epochs: 1_000_000))).SetMaxModelToExplore(2).RunAsync();
        // Its million epochs would take days.
        Assert.IsLessThan(600_000, result.DurationInMilliseconds);
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task Folds_are_averaged_and_one_model_is_kept()
    {
        var folds = new List<int>();
        var pipeline = Text(Narrow());
        var experiment = _context.Auto().CreateExperiment().SetPipeline(pipeline).SetDataset(TinyTexts.Load(_context, 60), 3)
            .SetMulticlassClassificationMetric(MulticlassClassificationMetric.LogLoss, "Label")
            .SetPerceiverTrialRunner(new PerceiverTrialOptions { Progress = p => folds.Add(p.Fold) });
        var result = await experiment.SetTuner(new ScriptedTuner(pipeline, Options(1e-3, epochs: 1))).SetMaxModelToExplore(1).RunAsync();
        CollectionAssert.AreEqual(new[] { 0, 1, 2 }, folds);
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task Images_are_searched_too()
    {
        var data = _context.Data.LoadFromEnumerable(TinyImages.Rows(24));
        var space = new SearchSpace<PerceiverImageSearchOptions>(new PerceiverImageSearchOptions
        {
            ImageColumnName = "Pixels",
            Size = PerceiverModelSize.Tiny,
            Epochs = 1,
            BatchSize = 16,
        });
        foreach (string name in new[] { "Size", "Epochs", "BatchSize" })
            space.Remove(name);
        var pipeline = _context.Transforms.Conversion.MapValueToKey("Label").Append(_context.Auto().PerceiverImage(space));
        var result = await Experiment(pipeline, data, new PerceiverTrialOptions()).SetMaxModelToExplore(2).RunAsync();
        Assert.AreEqual(24, result.Model.Transform(data).GetColumn<float[]>("Score").Count());
        ((IDisposable)result.Model).Dispose();
    }

    [TestMethod]
    public async Task What_is_missing_is_named()
    {
        var experiment = _context.Auto().CreateExperiment().SetPipeline(Text(Narrow())).SetPerceiverTrialRunner();
        var error = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => experiment.RunAsync());
        StringAssert.Contains(error.Message, "SetDataset");
    }

    private static SearchSpace<PerceiverTextSearchOptions> Narrow()
    {
        var space = new SearchSpace<PerceiverTextSearchOptions>(Options(1e-3, epochs: 2)) { ["Epochs"] = new UniformIntOption(1, 3) };
        space.Remove("Size");
        return space;
    }

    private static PerceiverTextSearchOptions Options(double learningRate, int epochs) => new()
    {
        Size = PerceiverModelSize.Tiny,
        LearningRate = learningRate,
        Epochs = epochs,
        BatchSize = 16,
        MaxLength = 24,
        ValidationFraction = 0.2,
        TokenDropout = 0,
    };

    private SweepablePipeline Text(SearchSpace<PerceiverTextSearchOptions> space) => _context.Transforms.Conversion
        .MapValueToKey("Label", "Class")
        .Append(_context.Auto().PerceiverText(space))
        .Append(_context.Transforms.Conversion.MapKeyToValue("Predicted", "PredictedLabel"));

    private AutoMLExperiment Experiment(SweepablePipeline pipeline, IDataView data, PerceiverTrialOptions options) => _context.Auto()
        .CreateExperiment()
        .SetPipeline(pipeline)
        .SetDataset(data, data)
        .SetMulticlassClassificationMetric(MulticlassClassificationMetric.MicroAccuracy, "Label")
        .SetPerceiverTrialRunner(options);

    private static string[] Predictions(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<string>("Predicted")];
}
