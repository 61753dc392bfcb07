using Microsoft.ML.AutoML;

namespace Microsoft.ML.Perceiver;

/// <summary>What an <see cref="AutoMLExperiment"/> is told about Perceivers.</summary>
public static class PerceiverExperimentExtensions
{
    /// <summary>
    /// Lets <see cref="PerceiverTrialRunner"/> run the trials. To be called after <c>SetPipeline</c>, which sets a runner of its own. The
    /// data, the metric, the time and the memory (<c>SetMaximumMemoryUsageInMegaByte</c>) are the experiment's.
    /// </summary>
    /// <param name="experiment">The experiment.</param>
    /// <param name="options">How trials are treated; null for the defaults.</param>
    /// <returns>The same experiment, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static AutoMLExperiment SetPerceiverTrialRunner(this AutoMLExperiment experiment, PerceiverTrialOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(experiment);
        options ??= new PerceiverTrialOptions();
        options.Validate();
        // An experiment creates a runner for each trial; what the trials know of each other is kept here.
        var judge = new TrialJudge(options);
        var models = new TrialModels();
        return experiment.SetTrialRunner(services => new PerceiverTrialRunner(
            Need<MLContext>(services, "a context"),
            Need<SweepablePipeline>(services, "SetPipeline"),
            new TrialData(Need<IDatasetManager>(services, "SetDataset")),
            Need<IEvaluateMetricManager>(services, "a metric, e.g. SetMulticlassClassificationMetric"),
            options,
            judge,
            models,
            Need<AutoMLExperiment.AutoMLExperimentSettings>(services, "settings").MaximumMemoryUsageInMegaByte));
    }

    private static T Need<T>(IServiceProvider services, string what)
        where T : class =>
        services.GetService(typeof(T)) as T
        ?? throw new InvalidOperationException($"The experiment needs {what} before it runs Perceivers.");
}
