namespace Microsoft.ML.Perceiver;

/// <summary>How images become vectors (the reference's <c>prep_type</c>).</summary>
public enum PerceiverImagePrepType
{
    /// <summary>A strided convolution with batch normalisation, and max pooling: a quarter of the height and width.</summary>
    Conv,

    /// <summary>A 1 x 1 convolution, strided where the image is to shrink.</summary>
    Conv1x1,

    /// <summary>Blocks of pixels, through an affine map where that is wanted.</summary>
    Patches,

    /// <summary>The pixels as they are.</summary>
    Pixels,
}
