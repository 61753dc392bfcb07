namespace Microsoft.ML.Perceiver;

/// <summary>What a multimodal autoencoder learns, and what it sees meanwhile.</summary>
public sealed record PerceiverAutoencodingOptions
{
    /// <summary>How the parts of the loss are weighed.</summary>
    public PerceiverAutoencodingWeights Weights { get; init; } = new();

    /// <summary>Pixels that each step asks for, drawn anew each time; all where there are fewer. The default is 2048.</summary>
    public int ImagePoints { get; init; } = 2048;

    /// <summary>Patches of sound that each step asks for, drawn anew each time; all where there are fewer. The default is 512.</summary>
    public int AudioPoints { get; init; } = 512;

    /// <summary>How likely each patch of the picture is masked in training. The default is 0.</summary>
    public double ImageMask { get; init; }

    /// <summary>How likely each patch of the sound is masked in training. The default is 0.</summary>
    public double AudioMask { get; init; }

    /// <summary>How likely the label is masked in training; it always is afterwards. The default is 0.5.</summary>
    public double LabelMask { get; init; } = 0.5;

    /// <summary>Checks the settings.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is out of range; the message names it.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Weights);
        Require(double.IsFinite(Weights.Image) && Weights.Image >= 0, nameof(Weights), Weights, "finite and not negative");
        Require(double.IsFinite(Weights.Audio) && Weights.Audio >= 0, nameof(Weights), Weights, "finite and not negative");
        Require(double.IsFinite(Weights.Label) && Weights.Label >= 0, nameof(Weights), Weights, "finite and not negative");
        Require(ImagePoints > 0, nameof(ImagePoints), ImagePoints, "positive");
        Require(AudioPoints > 0, nameof(AudioPoints), AudioPoints, "positive");
        Require(ImageMask is >= 0 and <= 1, nameof(ImageMask), ImageMask, "from 0 to 1");
        Require(AudioMask is >= 0 and <= 1, nameof(AudioMask), AudioMask, "from 0 to 1");
        Require(LabelMask is >= 0 and <= 1, nameof(LabelMask), LabelMask, "from 0 to 1");
    }

    private static void Require(bool condition, string name, object value, string wanted)
    {
        if (!condition)
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {wanted}.");
    }
}
