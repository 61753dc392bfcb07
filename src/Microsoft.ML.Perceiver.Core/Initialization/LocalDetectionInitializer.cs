using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Initialises models of object detection by <see cref="PerceiverInitialization.LocalImage"/>: the encoder as that of the image classifier;
/// the queries are anchored on a grid over the image too, read the latents around their anchors, and start from boxes there.
/// </summary>
internal sealed class LocalDetectionInitializer : LocalGridInitializer
{
    // A start box's sides as shares of the image.
    private const double Side = 0.35;
    private readonly int _queries;

    private LocalDetectionInitializer(
        PerceiverConfig config,
        int queries,
        IReadOnlyDictionary<string, Tensor> weights,
        Generator generator,
        int side,
        IReadOnlyList<int> resolutions)
        : base(config, weights, generator, side, side, resolutions) => _queries = queries;

    /// <summary>Initialises a detector.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="queries">Its queries.</param>
    /// <param name="weights">The model's weights by state-dictionary name; all of them must have memory.</param>
    /// <param name="generator">The random number generator.</param>
    /// <param name="resolutions">The resolutions of the preprocessor's Fourier positions, of height and width.</param>
    internal static void Apply(
        PerceiverConfig config,
        int queries,
        IReadOnlyDictionary<string, Tensor> weights,
        Generator generator,
        IReadOnlyList<int> resolutions) =>
        new LocalDetectionInitializer(config, queries, weights, generator, ConvDownsample.OutputSide(config.ImageSize), resolutions).Draw();

    private void Draw()
    {
        DrawMatrices(_ => null);
        this["input_preprocessor.convnet.batchnorm.weight"].fill_(Scalars.Kept(InputContent));
        DrawEncoder();
        DrawQueries(this["decoder.output_position_encodings.position_embeddings"], _queries, "decoder.decoding_cross_attention.");
        Weights["class_labels_classifier.weight"].mul_(Scalars.Kept(0.3));
        Weights["bbox_predictor.layers.2.weight"].mul_(Scalars.Kept(0.1));
        Weights["bbox_predictor.reference_boxes.weight"].copy_(tensor(References(), _queries, 4));
    }

    private float[] References()
    {
        var (rows, columns) = GridOf(_queries);
        float size = (float)Logit(Side);
        float[] boxes = new float[4 * _queries];
        for (int query = 0; query < _queries; query++)
        {
            boxes[4 * query] = (float)Logit((query % columns + 0.5) / columns);
            boxes[4 * query + 1] = (float)Logit((query / columns + 0.5) / rows);
            boxes[4 * query + 2] = boxes[4 * query + 3] = size;
        }

        return boxes;
    }

    private static double Logit(double share) => Math.Log(share / (1 - share));
}
