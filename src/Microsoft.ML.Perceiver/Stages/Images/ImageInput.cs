namespace Microsoft.ML.Perceiver;

/// <summary>A picture as the model reads it.</summary>
/// <param name="Values">Normalised values, channels x height x width.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Width">Its width in pixels.</param>
internal sealed record ImageInput(float[] Values, int Channels, int Height, int Width)
{
    /// <summary>Processes a picture.</summary>
    internal static ImageInput Of(PerceiverImage image, PerceiverImageProcessor processor)
    {
        var (values, channels, height, width) = processor.ProcessToArray(image);
        return new ImageInput(values, channels, height, width);
    }
}
