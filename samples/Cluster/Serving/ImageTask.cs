using Cluster.Grains;
using Microsoft.ML.Data;
using Microsoft.ML.Perceiver;

namespace Cluster.Serving;

/// <summary>Classifies images.</summary>
internal sealed class ImageTask(ModelStore store, EngineOptions engines, SiloPlaces places, SiloName silo, ILoggerFactory loggers)
    : VersionedTask<ImageInput>(store, engines, places, silo, loggers)
{
    /// <summary>The task's name.</summary>
    public const string TaskName = "image";

    /// <summary>The largest image, in pixels; looked at before memory is taken for them.</summary>
    public const int MostPixels = 10_000_000;

    /// <inheritdoc/>
    public override string Name => TaskName;

    /// <inheritdoc/>
    protected override ImageInput Trial => new() { Image = MLImage.CreateFromPixels(8, 8, MLPixelFormat.Bgra32, new byte[8 * 8 * 4]) };

    /// <summary>Classifies an image.</summary>
    /// <param name="file">The bytes of its file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Reply> ClassifyAsync(byte[] file, CancellationToken cancellation)
    {
        MLImage image;
        try
        {
            // In another thread: the grain's is for the next call.
            image = await Task.Run(() => PerceiverImageConversion.DecodeImage(file, MostPixels).ToMLImage(), cancellation);
        }
        catch (PerceiverImageException e)
        {
            return Refuse($"The image cannot be classified. {e.Message}");
        }

        // Where the wait is cancelled, an engine may still read the image: it is then left to its finalizer.
        var reply = await PredictAsync([new ImageInput { Image = image }], cancellation);
        image.Dispose();
        return reply;
    }
}
