using static Microsoft.ML.Perceiver.LocalVideoPositions;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Initialises autoencoders of video with audio by <see cref="PerceiverInitialization.LocalVideo"/>.</summary>
internal sealed partial class LocalVideoInitializer : LocalInitializer
{
    // The waves that the first cross-attention compares.
    private static readonly int[] CrossWaves = [1, 3];

    // The logit of a matching cosine, and by how much the logits of audio and video are separated.
    private const double VideoCross = 2.5, AudioCross = 2, VideoDecoder = 1.2, AudioDecoder = 2, Separation = 8;

    // Waves of whole periods have the same value at both edges; the raw positions distinguish these.
    private const double Edges = 3;

    // Deviation of the latents beyond their positions, and of what the layers add to the latents, as normalisations find it.
    private const double LatentNoise = 0.3, LatentContent = 0.8;

    // Waves of the audio that are compared, of its Fourier bands.
    private const int AudioWaves = 8;

    private readonly PerceiverMultimodalExtents _extents;
    private readonly LocalVideoPositions _positions;

    private LocalVideoInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator)
    {
        _extents = PerceiverMultimodalExtents.Of(config);
        int patches = _extents.AudioPoints, latents = Config.NumLatents;
        Require(latents > patches, $"more latents than patches of audio; {latents} are no more than {patches}");
        Require(
            Config.LatentChannels >= 2 * PositionChannels,
            $"{2 * PositionChannels} latent channels for {patches} patches of audio; there are {Config.LatentChannels}");
        Require(Config.NumCrossAttentionHeads % 2 == 0, "an even number of heads in the first cross-attention");
        Require(
            HeadWidth >= 2 * AudioWaves,
            $"{2 * AudioWaves} channels of queries a head in the first cross-attention; there are {HeadWidth}");
        Require(
            Config.SamplesPerPatch >= PatchValues + Axes + 2 * Axes * VideoBands,
            "patches of audio that are as wide as the vectors of the video, 243 samples");
        _positions = new LocalVideoPositions(config, _extents);
    }

    /// <summary>Amplitude of raw positions whose mean square is one, as those of anchors evenly spaced from -1 to 1.</summary>
    private static double RawAmplitude => Math.Sqrt(3);

    /// <summary>Amplitude of the channel of an audio latent, whose square is that of all position channels of a video latent.</summary>
    private static double AudioAmplitude => Math.Sqrt(VideoChannels);

    private int PositionChannels => VideoChannels + _extents.AudioPoints;

    private int HeadWidth => (Config.QueryKeyChannels ?? Config.LatentChannels) / Config.NumCrossAttentionHeads;

    /// <summary>Initialises an autoencoder of video with audio.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    /// <exception cref="ArgumentException">The configuration's numbers leave no room; the message says for what.</exception>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalVideoInitializer(config, weights, generator).Draw();

    private void Draw()
    {
        DrawMatrices(_ => null);
        DrawLatents();
        foreach (string name in (string[])["image", "audio", "label"])
        {
            this[$"input_preprocessor.padding.{name}"].zero_();
            this[$"decoder.padding.{name}"].zero_();
        }

        this["input_preprocessor.mask.label"].zero_();
        DrawCrossAttention("encoder.cross_attention.");
        double scale = 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks);
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
            ScaleOutputs($"encoder.self_attends.{i}.", PositionChannels, scale);
        DrawDecoder("decoder.decoder.decoding_cross_attention.");
        this["decoder.decoder.final_layer.weight"].mul_(Scalars.Kept(0.5));
        this["output_postprocessor.modalities.image.classifier.weight"].mul_(Scalars.Kept(0.2));
        this["output_postprocessor.modalities.audio.classifier.weight"].mul_(Scalars.Kept(0.05));
        // The mean brightness of videos.
        this["output_postprocessor.modalities.image.classifier.bias"].fill_(Scalars.Kept(0.3));
    }

    /// <summary>Draws the latents and writes their positions into the first channels.</summary>
    private void DrawLatents()
    {
        var latents = this["embeddings.latents"];
        DrawNormal(latents, LatentNoise);
        float[] values = new float[Config.NumLatents * PositionChannels];
        for (int latent = 0; latent < _positions.VideoLatents; latent++)
        {
            var own = values.AsSpan(latent * PositionChannels, VideoChannels);
            for (int axis = 0; axis < Axes; axis++)
            {
                double anchor = _positions.AnchorOf(latent, axis);
                own[WaveChannels + axis] = (float)(RawAmplitude * anchor);
                for (int wave = 0; wave < WaveCount; wave++)
                {
                    double angle = _positions.Frequency(wave, axis) * anchor;
                    var feature = OfLatent(wave, axis);
                    own[feature.Cos] = (float)(Amplitude * Math.Cos(angle));
                    own[feature.Sin] = (float)(Amplitude * Math.Sin(angle));
                }
            }
        }

        for (int patch = 0; patch < _positions.AudioPoints; patch++)
            values[(_positions.VideoLatents + patch) * PositionChannels + VideoChannels + patch] = (float)AudioAmplitude;
        latents.narrow(1, 0, PositionChannels).copy_(tensor(values, Config.NumLatents, PositionChannels));
    }

    /// <summary>The gain of queries and keys that makes a logit of the product of their amplitudes.</summary>
    private static double Gain(double logit, int width, double queryAmplitude, double keyAmplitude) =>
        Math.Sqrt(logit * Math.Sqrt(width) / (queryAmplitude * keyAmplitude));

    private static void Require(bool holds, string need)
    {
        if (!holds)
            throw new ArgumentException($"{nameof(PerceiverInitialization.LocalVideo)} needs {need}.");
    }
}
