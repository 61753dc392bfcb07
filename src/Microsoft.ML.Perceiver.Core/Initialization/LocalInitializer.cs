using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>What the local first weights of texts and frames share: positions in channels of their own, compared by queries and keys.</summary>
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

    private protected void Normal(Tensor weight, double deviation) =>
        weight.copy_(randn(weight.shape, ScalarType.Float32, CPU, generator: _generator).mul_(deviation));

    /// <summary>Draws all matrices so that what goes through them keeps its size.</summary>
    private protected void NormalMatrices(Func<string, double?> deviationOf)
    {
        foreach (var (name, weight) in Weights.Where(w => w.Value.dim() == 2 && w.Key.EndsWith(".weight", StringComparison.Ordinal)))
            Normal(weight, deviationOf(name) ?? 1 / Math.Sqrt(weight.shape[1]));
    }

    /// <summary>What a layer adds stays out of the position channels at first, and is of a size that suits the depth.</summary>
    private protected void KeepPositions(string layer, int positionChannels, double scale)
    {
        foreach (string name in (string[])["attention.output.dense.weight", "mlp.dense2.weight"])
            this[layer + name].mul_(scale).narrow(0, 0, positionChannels).zero_();
    }

    /// <summary>The queries' and keys' rows of a head, of what was drawn for which a share stays.</summary>
    private protected (Tensor Query, Tensor Key) Head(string layer, int head, int heads, double content)
    {
        var (query, key) = (this[layer + "attention.self.query.weight"], this[layer + "attention.self.key.weight"]);
        int width = (int)query.shape[0] / heads;
        return (query.narrow(0, head * width, width).mul_(content), key.narrow(0, head * width, width).mul_(content));
    }

    /// <summary>Lets two channels of a head compare a feature, the query turned by an angle so that it meets the key of what lies there.</summary>
    private protected static void Compare(Tensor query, Tensor key, int row, PlaceFeature ofQuery, PlaceFeature ofKey, double angle, double gain)
    {
        float cos = (float)(gain * Math.Cos(angle)), sin = (float)(gain * Math.Sin(angle));
        query[row, ofQuery.Cos] = cos;
        query[row, ofQuery.Sin] = -sin;
        query[row + 1, ofQuery.Cos] = sin;
        query[row + 1, ofQuery.Sin] = cos;
        key[row, ofKey.Cos] = (float)gain;
        key[row + 1, ofKey.Sin] = (float)gain;
    }

    /// <summary>The position features' amplitude after a normalisation, where the other channels have the given deviation.</summary>
    private protected static double Scale(int channels, int positionChannels, double deviation) =>
        Amplitude / Math.Sqrt((positionChannels + (channels - positionChannels) * deviation * deviation) / channels);

    /// <summary>The channels that hold the cosine and the sine of a place.</summary>
    private protected readonly record struct PlaceFeature(int Cos, int Sin);
}
