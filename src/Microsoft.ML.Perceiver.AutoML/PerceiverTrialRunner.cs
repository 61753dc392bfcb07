using System.Diagnostics;
using Microsoft.ML.AutoML;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Runs the trials of an experiment whose pipeline has a Perceiver that a search chooses the settings of. It reports each epoch, ends
/// hopeless trials, and disposes the models that lost. When the experiment's time is up or it is cancelled, the running trial ends with the
/// best weights it has, which count. <see cref="PerceiverExperimentExtensions.SetPerceiverTrialRunner"/> puts it into an experiment.
/// </summary>
public sealed class PerceiverTrialRunner : ITrialRunner
{
    // What SetPipeline of an experiment names the pipeline's parameters.
    private const string PipelineParameter = "_pipeline_";
    private readonly MLContext _context;
    private readonly SweepablePipeline _pipeline;
    private readonly TrialData _data;
    private readonly IEvaluateMetricManager _metric;
    private readonly PerceiverTrialOptions _options;
    private readonly TrialJudge _judge;
    private readonly TrialModels _models;
    private readonly double? _maxMemoryMegabytes;

    internal PerceiverTrialRunner(
        MLContext context,
        SweepablePipeline pipeline,
        TrialData data,
        IEvaluateMetricManager metric,
        PerceiverTrialOptions options,
        TrialJudge judge,
        TrialModels models,
        double? maxMemoryMegabytes)
    {
        _context = context;
        _pipeline = pipeline;
        _data = data;
        _metric = metric;
        _options = options;
        _judge = judge;
        _models = models;
        _maxMemoryMegabytes = maxMemoryMegabytes;
    }

    /// <summary>Trains and evaluates the pipeline with a trial's settings.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="ct">Ends the training; the best weights so far are evaluated and returned.</param>
    /// <returns>
    /// The metric, the loss (the metric, or what is to be made small of it) and the model; of a cross-validation, the means over the folds,
    /// and the first fold's model.
    /// </returns>
    /// <exception cref="OperationCanceledException">It was cancelled before there was a model.</exception>
    /// <exception cref="InsufficientMemoryException">The experiment's memory was used up.</exception>
    public Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Task.Run(() => Run(settings, ct), CancellationToken.None);
    }

    /// <summary>Disposes the models that lost. An experiment calls it when it has taken down the trial's result.</summary>
    public void Dispose() => _models.DisposeLost();

    private TrialResult Run(TrialSettings settings, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        TransformerChain<ITransformer>? first = null;
        var metrics = new List<double>();
        try
        {
            foreach (var (train, validation) in _data.Folds(_context, settings))
            {
                var watch = new TrialWatch(settings.TrialId, metrics.Count, _options, _judge, _maxMemoryMegabytes);
                var model = Fit(settings, train, watch, cancellation);
                try
                {
                    metrics.Add(_metric.Evaluate(_context, model.Transform(validation)));
                    first ??= model;
                }
                finally
                {
                    if (model != first)
                        model.Dispose();
                }

                if (watch.IsPruned || cancellation.IsCancellationRequested)
                    break;
            }
        }
        catch
        {
            first?.Dispose();
            throw;
        }

        double metric = metrics.Average();
        double loss = _metric.IsMaximize ? -metric : metric;
        _models.Add(first!, loss);
        return new TrialResult
        {
            TrialSettings = settings,
            Model = first,
            Metric = metric,
            Loss = loss,
            DurationInMilliseconds = clock.Elapsed.TotalMilliseconds,
        };
    }

    private TransformerChain<ITransformer> Fit(TrialSettings settings, IDataView train, TrialWatch watch, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var scope = PerceiverTrialScope.Begin(_context, watch.Look, cancellation);
        try
        {
            return _pipeline.BuildFromOption(_context, settings.Parameter[PipelineParameter]).Fit(train);
        }
        catch (Exception e) when (cancellation.IsCancellationRequested && e is not OperationCanceledException)
        {
            // ML.NET's stages say it in several ways.
            throw new OperationCanceledException("The trial was cancelled before there was a model.", e, cancellation);
        }
    }
}
