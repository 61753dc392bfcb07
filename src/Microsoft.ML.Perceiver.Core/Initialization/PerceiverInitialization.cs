namespace Microsoft.ML.Perceiver;

/// <summary>How random weights are drawn.</summary>
public enum PerceiverInitialization
{
    /// <summary>As the reference draws them: truncated normal with <see cref="PerceiverConfig.InitializerRange"/>, biases zero, scales one.</summary>
    TruncatedNormal,

    /// <summary>
    /// For text models: every latent begins at home over a stretch of the text. Positions and latents start as Fourier features in channels
    /// of their own, and the attentions' queries and keys compare those, head by head at another distance, so that the first cross-attention
    /// reads the bytes round a latent's home, half of the self-attention's heads read neighbouring latents and a masked language model's
    /// decoder reads the latents round a position. All of it may be unlearnt. A masked language model that starts so leaves the plateau of
    /// byte frequencies within some hundred steps, where it may take thousands otherwise.
    /// </summary>
    LocalText,

    /// <summary>
    /// For <see cref="PerceiverForImageClassificationConvProcessing"/> on pictures of <see cref="PerceiverConfig.ImageSize"/>: as
    /// <see cref="LocalText"/>, with homes over the picture, so that the first cross-attention reads the places round a home and half of the
    /// self-attention's heads read neighbouring latents. Numbers of latents that are products of like factors, such as 36, suit squares.
    /// </summary>
    LocalImage,

    /// <summary>
    /// For models of optical flow: every latent begins at home over a part of the frame, and the attentions' queries and keys compare positions,
    /// as with <see cref="LocalText"/>, so that each head of the first cross-attention reads another pixel round a latent's home, half of the
    /// self-attention's heads read neighbouring latents, and a pixel asks the latents round it.
    /// </summary>
    LocalFlow,

    /// <summary>
    /// For autoencoders of video with sound: every latent begins at home over some frames of a part of the picture, or over one patch of the
    /// sound. Half of the first cross-attention's heads reads the picture round a home, each at another time, and half reads the patch; a pixel
    /// asks the latents round it, and a patch of sound the latent of its own. Patches of sound must be of 243 samples and more.
    /// </summary>
    LocalVideo,
}
