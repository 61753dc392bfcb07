namespace Cluster.Grains;

/// <summary>Classifies an image on whichever silo the call comes to.</summary>
[Alias("perceiver.image-classifier")]
internal interface IImageClassifier : IGrainWithIntegerKey
{
    /// <summary>Classifies an image.</summary>
    /// <param name="file">The bytes of a PNG, JPEG, WebP, GIF or BMP file.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The labels, that the silo is busy, or why the file is no image that can be classified.</returns>
    [Alias("classify"), AnyOrder]
    Task<Reply> ClassifyAsync(byte[] file, CancellationToken cancellation);
}
