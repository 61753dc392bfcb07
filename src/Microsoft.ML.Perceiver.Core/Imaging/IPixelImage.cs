namespace Microsoft.ML.Perceiver;

/// <summary>An image, whatever its pixels are.</summary>
internal interface IPixelImage
{
    /// <summary>The height in pixels.</summary>
    int Height { get; }

    /// <summary>The width in pixels.</summary>
    int Width { get; }

    /// <summary>1 for grey, 3 for RGB, 4 for RGB and alpha.</summary>
    int Channels { get; }
}
