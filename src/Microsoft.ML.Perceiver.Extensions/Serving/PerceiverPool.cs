using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The models that were registered with <c>AddPerceiver&lt;TInput, TOutput&gt;</c>: prediction engines for many callers at once. It is a
/// singleton service, which the container disposes, and may be used in any thread.
/// </summary>
/// <typeparam name="TInput">The class of a row that is predicted.</typeparam>
/// <typeparam name="TOutput">The class of a prediction.</typeparam>
public sealed class PerceiverPool<TInput, TOutput> : IDisposable
    where TInput : class
    where TOutput : class, new()
{
    private readonly Dictionary<string, ServedModel<TInput, TOutput>> _models;

    internal PerceiverPool(
        IEnumerable<ModelName<TInput, TOutput>> names,
        IOptionsMonitor<PerceiverPoolOptions<TInput, TOutput>> options,
        ContentRoot root,
        ServingMetrics metrics,
        ILoggerFactory? loggers)
    {
        var logger = loggers?.CreateLogger(ServingLog.Category) ?? NullLogger.Instance;
        // All options are checked before there is any model.
        var checkedOptions = names.Select(n => n.Name).Distinct().Select(name => (name, options.Get(name))).ToArray();
        _models = checkedOptions.ToDictionary(
            o => o.name, o => new ServedModel<TInput, TOutput>(o.name, o.Item2, root, metrics, logger), StringComparer.Ordinal);
    }

    /// <summary>The names of the models, in the order in which they were registered; empty for the one without a name.</summary>
    public IReadOnlyList<string> ModelNames => [.. _models.Keys];

    /// <summary>Predicts with the model that was registered without a name.</summary>
    /// <param name="input">The row.</param>
    /// <param name="cancellationToken">
    /// Ends the wait. A request that still waits is dropped; of one that is being predicted the result is.
    /// </param>
    /// <returns>The prediction.</returns>
    /// <exception cref="PerceiverQueueFullException">As many requests wait as may.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pool was disposed.</exception>
    /// <exception cref="InvalidOperationException">The model cannot predict this row; the message says why.</exception>
    public Task<TOutput> PredictAsync(TInput input, CancellationToken cancellationToken = default) =>
        PredictAsync(Options.DefaultName, input, cancellationToken);

    /// <summary>Predicts with the model of a name.</summary>
    /// <inheritdoc cref="PredictAsync(TInput, CancellationToken)"/>
    /// <param name="modelName">The name that the model was registered with.</param>
    /// <param name="input">The row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">No model was registered with this name.</exception>
    public async Task<TOutput> PredictAsync(string modelName, TInput input, CancellationToken cancellationToken = default) =>
        (await PredictWithSchemaAsync(modelName, input, cancellationToken).ConfigureAwait(false)).Output;

    /// <summary>
    /// Predicts with the model that was registered without a name, and says which columns the model has that made the prediction: where it
    /// is loaded again meanwhile, <see cref="GetOutputSchema"/> may be that of another one.
    /// </summary>
    /// <inheritdoc cref="PredictAsync(TInput, CancellationToken)"/>
    public Task<PerceiverPrediction<TOutput>> PredictWithSchemaAsync(TInput input, CancellationToken cancellationToken = default) =>
        PredictWithSchemaAsync(Options.DefaultName, input, cancellationToken);

    /// <summary>Predicts with the model of a name, and says which columns the model has that made the prediction.</summary>
    /// <inheritdoc cref="PredictAsync(string, TInput, CancellationToken)"/>
    public Task<PerceiverPrediction<TOutput>> PredictWithSchemaAsync(
        string modelName, TInput input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Find(modelName).PredictAsync(input, cancellationToken);
    }

    /// <summary>The columns that a model writes, for example with the names of its labels.</summary>
    /// <param name="modelName">The model's name; empty for the one without a name.</param>
    /// <returns>The columns of the model that is served now.</returns>
    /// <exception cref="ArgumentException">No model was registered with this name.</exception>
    public DataViewSchema GetOutputSchema(string modelName = "") => Find(modelName).OutputSchema;

    /// <summary>
    /// Loads a model again from its source and serves it from then on. No request fails or waits for it; the old model is disposed when its
    /// last prediction is made, where the pool owns it. Both are in memory meanwhile. Where the new one cannot be loaded, or cannot predict
    /// <c>TrialInput</c>, the old one stays in use.
    /// </summary>
    /// <param name="modelName">The model's name; empty for the one without a name.</param>
    /// <param name="cancellationToken">Ends the wait for another reload; a reload that has begun is completed.</param>
    /// <returns>A task that ends when the new model is in use.</returns>
    /// <exception cref="ArgumentException">No model was registered with this name.</exception>
    /// <exception cref="FormatException">The file is damaged; the old model stays in use, as with every other error.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Task ReloadAsync(string modelName = "", CancellationToken cancellationToken = default) =>
        Find(modelName).ReloadAsync(cancellationToken);

    /// <summary>How a model is.</summary>
    /// <param name="modelName">The model's name; empty for the one without a name.</param>
    /// <returns>What is known now.</returns>
    /// <exception cref="ArgumentException">No model was registered with this name.</exception>
    public PerceiverModelStatus GetStatus(string modelName = "") => Find(modelName).Status;

    /// <summary>Loads all models that are not loaded yet. A host does it when it starts; else the first request does.</summary>
    internal void Load()
    {
        foreach (var model in _models.Values)
            model.Loaded();
    }

    private ServedModel<TInput, TOutput> Find(string modelName)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        if (_models.TryGetValue(modelName, out var model))
            return model;
        string known = string.Join(", ", _models.Keys.Select(name => name.Length == 0 ? "one without a name" : $"'{name}'"));
        string asked = modelName.Length == 0 ? "no model without a name" : $"no model '{modelName}'";
        throw new ArgumentException(
            $"AddPerceiver<{typeof(TInput).Name}, {typeof(TOutput).Name}> registered {asked}, but {known}.", nameof(modelName));
    }

    /// <summary>
    /// Ends the engines and disposes the models that the pool owns. Predictions that are being made are completed; requests that wait fail
    /// with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        foreach (var model in _models.Values)
            model.Dispose();
    }
}
