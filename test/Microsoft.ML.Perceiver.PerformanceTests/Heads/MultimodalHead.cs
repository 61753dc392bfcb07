using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>16 frames of 224 x 224 pixels with 30,720 samples of audio, given back whole.</summary>
internal sealed record MultimodalHead() : HeadCase("multimodal", PerceiverPublishedCheckpoints.Multimodal)
{
    private const int Frames = 16, Side = 224, Samples = 30720;
    private const long GpuBytes = 1L << 30;

    // The queries' and the inner output's width, as the reference has them.
    private const double QueryChannels = 1026, InnerChannels = 512;

    // Patches of 4 x 4 pixels and of 16 samples, and the label.
    private const double InputCount = (Frames * (Side / 4.0) * (Side / 4.0)) + (Samples / 16.0) + 1;

    internal override double Operations
    {
        get
        {
            var c = Published.Config;
            double latent = c.LatentChannels, pixels = (double)Frames * Side * Side, queries = pixels + (Samples / 16.0) + 1;
            return Work.Encoder(c, InputCount, c.ModelChannels)
                + Work.Cross(queries, QueryChannels, c.NumLatents, latent, latent, latent, 1, constantQuery: false)
                + Work.Linear(queries, QueryChannels, InnerChannels)
                + Work.Linear(pixels, InnerChannels, 3);
        }
    }

    internal override PerceiverPreTrainedModel Load(PerceiverCheckpoint checkpoint, PerceiverPrecision precision) =>
        checkpoint.Load(c => ForPrediction(new PerceiverForMultimodalAutoencoding(c, initialize: false)), precision: precision).Model;

    internal override PerceiverInputs Inputs(int batch, ScalarType type) => new(new Dictionary<string, Tensor>
    {
        [PerceiverForMultimodalAutoencoding.Image] = rand([batch, Frames, 3, Side, Side]).to(type),
        [PerceiverForMultimodalAutoencoding.Audio] = rand([batch, Samples, 1]).mul_(0.1).to(type),
    });

    internal override IReadOnlyDictionary<string, Tensor> Forward(PerceiverPreTrainedModel model, PerceiverInputs inputs)
    {
        // The default's chunks suit a processor's caches; a GPU is kept busy by larger ones.
        long? budget = inputs.Modalities.Values.First().device_type == TorchSharp.DeviceType.CUDA ? GpuBytes : null;
        var output = ((PerceiverForMultimodalAutoencoding)model).Reconstruct(inputs, budget);
        return new Dictionary<string, Tensor>
        {
            [PerceiverForMultimodalAutoencoding.Image] = output.Image,
            [PerceiverForMultimodalAutoencoding.Audio] = output.Audio,
            [PerceiverForMultimodalAutoencoding.Label] = output.Label,
        };
    }
}
