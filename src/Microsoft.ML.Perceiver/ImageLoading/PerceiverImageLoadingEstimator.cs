using Microsoft.ML.Runtime;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Reads image files (PNG, JPEG, WebP, GIF, BMP) into a column of images, as ML.NET's <c>LoadImages</c> does, but turned as their EXIF
/// orientation says, never half an image, and of no more pixels than <see cref="PerceiverImageConversion.MaxPixels"/>, which are counted
/// before they are decoded. The error of a file that cannot be read names the row and the file.
/// </summary>
public sealed class PerceiverImageLoadingEstimator : IEstimator<PerceiverImageLoadingTransformer>
{
    private readonly IHostEnvironment _environment;
    private readonly ImageLoadingSettings _settings;

    internal PerceiverImageLoadingEstimator(IHostEnvironment environment, ImageLoadingSettings settings)
    {
        ArgumentException.ThrowIfNullOrEmpty(settings.OutputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(settings.InputColumnName);
        _environment = environment;
        _settings = settings;
    }

    /// <summary>The input's columns and that of the images.</summary>
    /// <param name="inputSchema">The input's columns.</param>
    /// <returns>The columns of the transformed data.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var stage = new ImageLoadingStage(_settings);
        stage.Inputs[0].CheckIn(inputSchema);
        return OutputColumn.AddTo(inputSchema, stage.Outputs);
    }

    /// <summary>Makes the transformer; only the data's schema is looked at.</summary>
    /// <param name="input">The data.</param>
    /// <returns>The transformer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column of paths is missing or has the wrong type.</exception>
    public PerceiverImageLoadingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new PerceiverImageLoadingTransformer(_environment, _settings);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }
}
