namespace Microsoft.ML.Perceiver;

/// <summary>How a model is initialised with random weights.</summary>
public enum PerceiverInitialization
{
    /// <summary>
    /// As the reference draws them: truncated normal with <see cref="PerceiverConfig.InitializerRange"/>, biases zero, scales one.
    /// </summary>
    TruncatedNormal,

    /// <summary>
    /// For text models: every latent is anchored at a position of the text. Positions and latents start as Fourier features in channels of
    /// their own, which the attentions' queries and keys compare, each head at another offset. So the first cross-attention reads the bytes
    /// around a latent's anchor, half of the self-attention's heads read neighbouring latents, and a masked language model's decoder reads
    /// the latents around a position. All of these weights are trained. A masked language model with this initialisation learns more than
    /// byte frequencies after some hundred steps, where it may take thousands otherwise.
    /// </summary>
    LocalText,

    /// <summary>
    /// For <see cref="PerceiverForImageClassificationConvProcessing"/> and <see cref="PerceiverForObjectDetection"/> on images of
    /// <see cref="PerceiverConfig.ImageSize"/>: as <see cref="LocalText"/>, with anchors on a grid over the image, so that the first
    /// cross-attention reads the inputs around an anchor and half of the self-attention's heads read neighbouring latents. The queries of
    /// boxes have such anchors too, around which half of the decoder's heads read, and start from boxes there. Square numbers of latents
    /// and queries, such as 36, suit square images.
    /// </summary>
    LocalImage,

    /// <summary>
    /// For models of optical flow: every latent is anchored at a point of the frame, and the attentions' queries and keys compare
    /// positions, as with <see cref="LocalText"/>. So each head of the first cross-attention reads another pixel around a latent's anchor,
    /// half of the self-attention's heads read neighbouring latents, and the query of a pixel reads the latents around it.
    /// </summary>
    LocalFlow,

    /// <summary>
    /// For autoencoders of video with audio: every latent is anchored at a point of the frames and of time, or at one patch of the audio.
    /// Half of the first cross-attention's heads read the video around an anchor, each at another offset in time, and half read the patch.
    /// The query of a pixel reads the latents around it, that of a patch of audio its own latent. Patches of audio need at least 243
    /// samples.
    /// </summary>
    LocalVideo,

    /// <summary>
    /// For <see cref="PerceiverForArray"/>: as <see cref="LocalText"/>, with anchors on a grid over the array, or over the space of the
    /// coordinates. The heads of the first cross-attention share the cell around a latent's anchor among them, half of the
    /// self-attention's heads read neighbouring latents, and a query that has a place reads the latents around it. Inputs of a few channels
    /// should be projected to some twenty or more. With trainable positions nothing is anchored; matrices are drawn so that their products
    /// have the size of their inputs.
    /// </summary>
    LocalArray,
}
