using Cluster.Serving;
using Orleans.Concurrency;

namespace Cluster.Grains;

/// <summary>Takes calls and hands them to the silo's pool, as <see cref="TextClassifierGrain"/> does.</summary>
[StatelessWorker(maxLocalWorkers: 1), Reentrant]
internal sealed class ImageClassifierGrain(ImageTask task) : Grain, IImageClassifier
{
    /// <inheritdoc/>
    public Task<Reply> ClassifyAsync(byte[] file, CancellationToken cancellation) => task.ClassifyAsync(file, cancellation);
}
