using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads the frames of films from image files (PNG, JPEG, WebP, GIF, BMP) into a column of vectors that the trainers
/// <c>PerceiverArray</c> take as films: chosen, resized, and turned as their EXIF orientation says. What is wrong with a film is an error
/// that names row, column and file: no folder, no or too few frames, frames of different sizes, a file that cannot be decoded.
/// </summary>
public sealed class PerceiverFrameLoadingEstimator : PerceiverRowEstimator<PerceiverFrameLoadingTransformer>
{
    private readonly PerceiverFrameLoadingOptions _options;

    internal PerceiverFrameLoadingEstimator(IHostEnvironment environment, PerceiverFrameLoadingOptions options)
        : base(environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Copy();
        _options.Check();
    }

    private protected override IStage StageOf(SchemaShape inputSchema) => new FrameLoadingStage(_options);

    private protected override PerceiverFrameLoadingTransformer Create(DataViewSchema inputSchema) => new(Environment, _options);
}
