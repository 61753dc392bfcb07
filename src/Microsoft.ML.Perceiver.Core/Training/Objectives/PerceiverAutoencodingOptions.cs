namespace Microsoft.ML.Perceiver;

/// <summary>How a multimodal autoencoder is trained.</summary>
public sealed record PerceiverAutoencodingOptions
{
    /// <summary>The weights of the parts of the loss.</summary>
    public PerceiverAutoencodingWeights Weights { get; init; } = new();

    /// <summary>Pixels that each step decodes, drawn at random; all where there are fewer. The default is 2048.</summary>
    public int ImagePoints { get; init; } = 2048;

    /// <summary>Patches of audio that each step decodes, drawn at random; all where there are fewer. The default is 512.</summary>
    public int AudioPoints { get; init; } = 512;

    /// <summary>The probability of each patch of the image to be masked in training. The default is 0.</summary>
    public double ImageMask { get; init; }

    /// <summary>The probability of each patch of the audio to be masked in training. The default is 0.</summary>
    public double AudioMask { get; init; }

    /// <summary>The probability of the label to be masked in training; it always is afterwards. The default is 0.5.</summary>
    public double LabelMask { get; init; } = 0.5;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Weights);
        foreach (double weight in (double[])[Weights.Image, Weights.Audio, Weights.Label])
            OptionRange.Require(double.IsFinite(weight) && weight >= 0, nameof(Weights), Weights, "finite and not negative");
        OptionRange.Require(ImagePoints > 0, nameof(ImagePoints), ImagePoints, "positive");
        OptionRange.Require(AudioPoints > 0, nameof(AudioPoints), AudioPoints, "positive");
        OptionRange.Require(ImageMask is >= 0 and <= 1, nameof(ImageMask), ImageMask, "from 0 to 1");
        OptionRange.Require(AudioMask is >= 0 and <= 1, nameof(AudioMask), AudioMask, "from 0 to 1");
        OptionRange.Require(LabelMask is >= 0 and <= 1, nameof(LabelMask), LabelMask, "from 0 to 1");
    }
}
