using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Cluster.Serving;

/// <summary>A row of an image classifier.</summary>
internal sealed class ImageInput
{
    /// <summary>The image, of any size: that of the attribute is of no image in particular.</summary>
    [ImageType(1, 1)]
    public MLImage? Image { get; set; }
}
