using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads the frames of films from image files (PNG, JPEG, WebP, GIF, BMP) into a column of vectors that the trainers
/// <c>PerceiverArray</c> take as films: chosen, resized, and turned as their EXIF orientation says. What is wrong with a film is an error
/// that names row, column and file: no folder, no or too few frames, frames of different sizes, a file that cannot be decoded.
/// </summary>
public sealed class PerceiverFrameLoadingEstimator : IEstimator<PerceiverFrameLoadingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly PerceiverFrameLoadingOptions _options;

    internal PerceiverFrameLoadingEstimator(IHostEnvironment environment, PerceiverFrameLoadingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _environment = environment;
        _options = options.Copy();
        _options.Check();
    }

    /// <summary>The input's columns and that of the films.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <returns>The columns of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var stage = new FrameLoadingStage(_options);
        stage.Inputs[0].CheckIn(inputSchema);
        return OutputColumn.AddTo(inputSchema, stage.Outputs);
    }

    /// <summary>Makes the transformer; only the data's schema is looked at.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public PerceiverFrameLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new PerceiverFrameLoadingTransformer(_environment, _options);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }
}
