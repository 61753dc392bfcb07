namespace Microsoft.ML.Perceiver;

/// <summary>The three image classifiers, which differ in how an image becomes vectors.</summary>
public enum PerceiverImageHead
{
    /// <summary>
    /// <see cref="PerceiverForImageClassificationConvProcessing"/>: a convolution quarters height and width. For training.
    /// </summary>
    ConvProcessing,

    /// <summary><see cref="PerceiverForImageClassificationFourier"/>: the bare pixels with Fourier positions.</summary>
    Fourier,

    /// <summary><see cref="PerceiverForImageClassificationLearned"/>: pixels through a 1 x 1 convolution, with learnt positions.</summary>
    Learned,
}
