using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the local initialisations share: positions are encoded in channels of their own, which queries and keys compare, so that a head
/// attends at a chosen offset from the position of its query.
/// </summary>
internal abstract class LocalInitializer
{
    private readonly Generator _generator;
    private readonly string _prefix;

    /// <param name="config">The model's configuration.</param>
    /// <param name="weights">The model's weights by state-dictionary name; all of them must have memory.</param>
    /// <param name="generator">The random number generator.</param>
    private protected LocalInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
    {
        Config = config;
        _generator = generator;
        Weights = weights;
        _prefix = PrefixOf(weights);
    }

    /// <summary>Amplitude of a cosine whose mean square is one.</summary>
    private protected static double Amplitude { get; } = Math.Sqrt(2);

    private protected PerceiverConfig Config { get; }

    private protected IReadOnlyDictionary<string, Tensor> Weights { get; }

    /// <summary>A weight of the encoder, the decoder or the preprocessor.</summary>
    private protected Tensor this[string name] => Weights[_prefix + name];

    // A head holds the model under this name; a model without a head has its parts at the root.
    private protected static string PrefixOf(IReadOnlyDictionary<string, Tensor> weights) =>
        weights.Keys.Any(name => name.StartsWith("perceiver.", StringComparison.Ordinal)) ? "perceiver." : "";

    /// <summary>Draws a weight from a normal distribution.</summary>
    private protected void DrawNormal(Tensor weight, double deviation) =>
        weight.copy_(randn(weight.shape, ScalarType.Float32, CPU, generator: _generator).mul_(Scalars.Kept(deviation)));

    /// <summary>Draws all matrices so that their products have the size of their inputs.</summary>
    /// <param name="deviationOf">The standard deviation of a matrix by its name; null for one over the root of its inputs.</param>
    private protected void DrawMatrices(Func<string, double?> deviationOf)
    {
        foreach (var (name, weight) in Weights.Where(w => w.Value.dim() == 2 && w.Key.EndsWith(".weight", StringComparison.Ordinal)))
            DrawNormal(weight, deviationOf(name) ?? 1 / Math.Sqrt(weight.shape[1]));
    }

    /// <summary>Scales what a layer adds to the latents, so that it suits the depth, and keeps it out of the position channels.</summary>
    private protected void ScaleOutputs(string layer, int positionChannels, double scale)
    {
        foreach (string name in (string[])["attention.output.dense.weight", "mlp.dense2.weight"])
            this[layer + name].mul_(Scalars.Kept(scale)).narrow(0, 0, positionChannels).zero_();
    }

    /// <summary>The rows of a head in the maps of queries and keys, scaled by the share of the drawn values that is kept.</summary>
    private protected (Tensor Query, Tensor Key) HeadRows(string layer, int head, int heads, double keptShare)
    {
        var (query, key) = (this[layer + "attention.self.query.weight"], this[layer + "attention.self.key.weight"]);
        int width = (int)query.shape[0] / heads;
        var share = Scalars.Kept(keptShare);
        return (query.narrow(0, head * width, width).mul_(share), key.narrow(0, head * width, width).mul_(share));
    }

    /// <summary>
    /// Lets two channels of a head compare the positions of query and key. The query's feature is rotated by an angle, so that it matches
    /// the key at the offset that the angle stands for.
    /// </summary>
    private protected static void AttendAtOffset(
        Tensor query, Tensor key, int row, PositionFeature ofQuery, PositionFeature ofKey, double angle, double gain)
    {
        float cos = (float)(gain * Math.Cos(angle)), sin = (float)(gain * Math.Sin(angle));
        query[row, ofQuery.Cos] = cos;
        query[row, ofQuery.Sin] = -sin;
        query[row + 1, ofQuery.Cos] = sin;
        query[row + 1, ofQuery.Sin] = cos;
        key[row, ofKey.Cos] = (float)gain;
        key[row + 1, ofKey.Sin] = (float)gain;
    }

    /// <summary>
    /// The amplitude of position features after a layer normalisation, where the other channels have the given deviation.
    /// </summary>
    private protected static double NormalizedAmplitude(int channels, int positionChannels, double deviation) =>
        Amplitude / Math.Sqrt((positionChannels + (channels - positionChannels) * deviation * deviation) / channels);
}

/// <summary>The channels that hold the cosine and the sine of a position at one frequency.</summary>
internal readonly record struct PositionFeature(int Cos, int Sin);
