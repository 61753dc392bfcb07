using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;

namespace Microsoft.ML.Perceiver;

/// <summary>The parts of the multimodal autoencoder, with the numbers that the reference fixes.</summary>
internal static class MultimodalParts
{
    private const int AudioBands = 192;
    private const int VideoBands = 32;
    private const int EncoderPadding = 4;

    internal static PerceiverMultimodalPreprocessor Preprocessor(PerceiverConfig config) => new(
        new Dictionary<string, PerceiverPreprocessor>
        {
            [Audio] = new PerceiverAudioPreprocessor(new()
            {
                SamplesPerPatch = config.SamplesPerPatch,
                PositionEncoding = AudioPositions(config),
            }),
            [Image] = new PerceiverImagePreprocessor(new()
            {
                PrepType = PerceiverImagePrepType.Patches,
                SpatialDownsample = PerceiverMultimodalExtents.FramePatch,
                PositionEncoding = VideoPositions(config),
            }),
            [Label] = new PerceiverOneHotPreprocessor(config),
        },
        new Dictionary<string, double> { [Image] = 0, [Audio] = 0, [Label] = 1 },
        EncoderPadding);

    internal static PerceiverMultimodalDecoder Decoder(PerceiverConfig config)
    {
        var queries = new PerceiverBasicDecoderOptions { OutputNumChannels = config.OutputNumChannels, PositionEncodingOnly = true };
        var audio = queries with
        {
            OutputIndexDims = [PerceiverMultimodalExtents.Of(config).AudioPoints],
            PositionEncoding = AudioPositions(config),
        };
        var video = queries with { PositionEncoding = VideoPositions(config) };
        var label = queries with { PositionEncoding = PerceiverPositionEncodingOptions.ForTrainable(config.LabelTrainableNumChannels, 1) };
        return new PerceiverMultimodalDecoder(
            config,
            new Dictionary<string, PerceiverDecoder>
            {
                [Audio] = new PerceiverBasicDecoder(config, audio),
                [Image] = new PerceiverBasicVideoAutoencodingDecoder(config, config.OutputShape, video),
                [Label] = new PerceiverClassificationDecoder(config, label),
            },
            config.OutputNumChannels);
    }

    internal static PerceiverMultimodalPostprocessor Postprocessor(PerceiverConfig config) =>
        new(new Dictionary<string, PerceiverPostprocessor>
        {
            [Audio] = new PerceiverAudioPostprocessor(config, config.OutputNumChannels),
            [Image] = new PerceiverProjectionPostprocessor(config.OutputNumChannels, 3),
            [Label] = new PerceiverClassificationPostprocessor(config, config.OutputNumChannels),
        });

    private static PerceiverPositionEncodingOptions AudioPositions(PerceiverConfig config) =>
        PerceiverPositionEncodingOptions.ForFourier(new(AudioBands, [config.NumFrames * config.AudioSamplesPerFrame]));

    private static PerceiverPositionEncodingOptions VideoPositions(PerceiverConfig config) =>
        PerceiverPositionEncodingOptions.ForFourier(new(VideoBands, [config.NumFrames, config.ImageSize, config.ImageSize]));
}
