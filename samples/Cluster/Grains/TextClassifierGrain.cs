using Cluster.Serving;
using Orleans.Concurrency;

namespace Cluster.Grains;

/// <summary>
/// Takes calls and hands them to the silo's pool. It may have any key and any number of calls at once: the pool has the bound, not the
/// grain.
/// </summary>
[StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed class TextClassifierGrain(TextTask task) : Grain, ITextClassifier
{
    /// <summary>The most texts of one call.</summary>
    public const int MostTexts = 32;

    /// <inheritdoc/>
    public Task<Reply> ClassifyAsync(string[] texts, CancellationToken cancellation)
    {
        if (texts.Length is 0 or > MostTexts)
            throw new ArgumentException($"There are {texts.Length} texts; 1 to {MostTexts} may be sent at once.", nameof(texts));
        return task.ClassifyAsync(texts, cancellation);
    }
}
