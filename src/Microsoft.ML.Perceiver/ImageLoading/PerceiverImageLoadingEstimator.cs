using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads image files (PNG, JPEG, WebP, GIF, BMP) into a column of images, as ML.NET's <c>LoadImages</c> does, but turned as their EXIF
/// orientation says, never half an image, and of no more pixels than <see cref="PerceiverImageConversion.MaxPixels"/>, which are counted
/// before they are decoded. The error of a file that cannot be read names the row and the file.
/// </summary>
public sealed class PerceiverImageLoadingEstimator : PerceiverRowEstimator<PerceiverImageLoadingTransformer>
{
    private readonly ImageLoadingSettings _settings;

    internal PerceiverImageLoadingEstimator(IHostEnvironment environment, ImageLoadingSettings settings)
        : base(environment)
    {
        ArgumentException.ThrowIfNullOrEmpty(settings.OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(settings.InputColumnName);
        _settings = settings;
    }

    private protected override IStage StageOf(SchemaShape inputSchema) => new ImageLoadingStage(_settings);

    private protected override PerceiverImageLoadingTransformer Create(DataViewSchema inputSchema) => new(Environment, _settings);
}
