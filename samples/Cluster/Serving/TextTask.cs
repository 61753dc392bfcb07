using Cluster.Grains;
using TextClassification;

namespace Cluster.Serving;

/// <summary>Classifies texts.</summary>
internal sealed class TextTask(ModelStore store, EngineOptions engines, SiloPlaces places, SiloName silo, ILoggerFactory loggers)
    : VersionedTask<MyModel.ModelInput>(store, engines, places, silo, loggers)
{
    /// <summary>The task's name.</summary>
    public const string TaskName = "text";

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    protected override MyModel.ModelInput Trial => new() { Text = "A text to warm up with." };

    /// <summary>Classifies texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<Reply> ClassifyAsync(IEnumerable<string> texts, CancellationToken cancellation) =>
        PredictAsync([.. texts.Select(t => new MyModel.ModelInput { Text = t })], cancellation);
}
