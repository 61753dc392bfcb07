using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>An image's height and width in pixels.</summary>
/// <param name="Height">The number of rows.</param>
/// <param name="Width">The number of columns.</param>
[JsonConverter(typeof(ImageSizeJson))]
public readonly record struct PerceiverImageSize(int Height, int Width)
{
    /// <summary>A square.</summary>
    /// <param name="side">Its side in pixels.</param>
    public PerceiverImageSize(int side)
        : this(side, side)
    {
    }

    /// <summary>The size as "height x width".</summary>
    /// <returns>For example "224 x 224".</returns>
    public override string ToString() => $"{Height} x {Width}";
}
