using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The first weights of <see cref="PerceiverInitialization.LocalText"/>.</summary>
internal sealed class LocalTextInitializer : LocalInitializer
{
    // How much more a head's logit is at home than far from it. Softer heads learn more slowly, as measured; harder ones hardly move.
    private const double ReadingSharpness = 14, ThinkingSharpness = 8;

    // Deviation of the latents beyond their positions, and what the layers add to the latents, as normalisations will find it.
    private const double LatentNoise = 0.5, LatentContent = 0.8;
    private const int MostChannels = 64;
    private const string TextPositions = "input_preprocessor.position_embeddings.weight";

    private readonly double[] _frequencies;

    private LocalTextInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator)
    {
        int channels = Math.Min(MostChannels, Math.Min(Config.ModelChannels, Config.LatentChannels) / 2) / 2 * 2;
        _frequencies = Frequencies(channels / 2);
    }

    private int PositionChannels => 2 * _frequencies.Length;

    /// <summary>Bytes of the longest text for each latent.</summary>
    private double Stretch => Config.MaxPositionEmbeddings / (double)Config.NumLatents;

    /// <summary>Whether the weights are those of a model that reads text.</summary>
    internal static bool Fits(IReadOnlyDictionary<string, Tensor> weights) => weights.ContainsKey(PrefixOf(weights) + TextPositions);

    /// <summary>Gives a text model its first weights.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalTextInitializer(config, weights, generator).Draw();

    private void Draw()
    {
        NormalMatrices(name => name.Contains("embeddings", StringComparison.Ordinal) ? 1 : null);
        double[] text = Enumerable.Range(0, Config.MaxPositionEmbeddings).Select(i => (double)i).ToArray();
        double[] homes = Enumerable.Range(0, Config.NumLatents).Select(i => (i + 0.5) * Stretch - 0.5).ToArray();
        // Bytes and positions lie in different channels, so that a key can tell where a byte is whatever it is.
        this["input_preprocessor.embeddings.weight"].narrow(1, 0, PositionChannels).zero_();
        Place(TextPositions, text, noise: 0);
        Place("embeddings.latents", homes, LatentNoise);
        double byteScale = Scale(Config.ModelChannels, PositionChannels, 1), homeScale = Scale(Config.LatentChannels, PositionChannels, LatentNoise), stateScale = Scale(Config.LatentChannels, PositionChannels, LatentContent);

        const string reading = "encoder.cross_attention.";
        double middle = (Config.NumCrossAttentionHeads - 1) / 2.0;
        Aim(reading, Enumerable.Range(0, Config.NumCrossAttentionHeads).Select(h => (double?)(h - middle)).ToArray(), ReadingSharpness, 0, homeScale, byteScale);
        KeepPositions(reading, PositionChannels, 1);
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
        {
            string thinking = $"encoder.self_attends.{i}.";
            int half = Config.NumSelfAttentionHeads / 2;
            // -1, +1, -2, +2, ... latents; the other half looks for content.
            var distances = Enumerable.Range(0, Config.NumSelfAttentionHeads)
                .Select(h => h < half ? (h % 2 == 0 ? -1 : 1) * (h / 2 + 1) * Stretch : (double?)null);
            Aim(thinking, distances.ToArray(), ThinkingSharpness, 0.3, stateScale, stateScale);
            KeepPositions(thinking, PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
        }

        if (Weights.ContainsKey("embedding_decoder.bias"))
            AimDecoder(text, stateScale);
    }

    /// <summary>Each of the masked language model's eight decoder heads reads the latents at another distance from its position.</summary>
    private void AimDecoder(double[] text, double stateScale)
    {
        Place("decoder.output_position_encodings.position_embeddings", text, noise: 0);
        const string decoding = "decoder.decoding_cross_attention.";
        double?[] distances = [0, 0, -Stretch / 2, Stretch / 2, -Stretch, Stretch, -Stretch / 4, Stretch / 4];
        Aim(decoding, distances, ReadingSharpness, 0, Scale(Config.ModelChannels, PositionChannels, 0), stateScale);
        // Byte embeddings of length one each channel would make the first logits far too sure of themselves.
        this[decoding + "attention.output.dense.weight"].mul_(0.1);
        this[decoding + "mlp.dense2.weight"].mul_(0.1);
    }

    /// <summary>Lets heads look at distances: queries are turned by the distance, so that they meet the keys of what lies there.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="distances">Each head's distance in bytes; null leaves the head as it was drawn.</param>
    /// <param name="sharpness">The logit at the distance, above its average elsewhere.</param>
    /// <param name="content">The share of what was drawn that stays in the other channels.</param>
    /// <param name="queryScale">Amplitude of the queries' position features after their normalisation.</param>
    /// <param name="keyScale">The same of the keys.</param>
    private void Aim(string layer, double?[] distances, double sharpness, double content, double queryScale, double keyScale)
    {
        int width = (int)this[layer + "attention.self.query.weight"].shape[0] / distances.Length;
        int used = Math.Min(_frequencies.Length, width / 2), skip = _frequencies.Length / used;
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (used * queryScale * keyScale));
        for (int head = 0; head < distances.Length; head++)
        {
            if (distances[head] is not { } distance)
                continue;
            var (q, k) = Head(layer, head, distances.Length, content);
            q.narrow(1, 0, PositionChannels).zero_();
            k.narrow(1, 0, PositionChannels).zero_();
            for (int i = 0; i < used; i++)
            {
                // Narrow heads share the frequencies out between them.
                int f = skip == 1 ? i : (head + i * skip) % _frequencies.Length;
                var feature = new PlaceFeature(2 * f, 2 * f + 1);
                Compare(q, k, 2 * i, feature, feature, _frequencies[f] * distance, gain);
            }
        }
    }

    private void Place(string name, double[] places, double noise)
    {
        var table = this[name];
        Normal(table, noise);
        float[] features = new float[places.Length * PositionChannels];
        for (int i = 0; i < features.Length; i++)
        {
            double angle = _frequencies[i % PositionChannels / 2] * places[i / PositionChannels];
            features[i] = (float)(Amplitude * (i % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)));
        }

        table.narrow(1, 0, PositionChannels).copy_(tensor(features, places.Length, PositionChannels));
    }

    // Spread evenly and jittered by the golden ratio, so that no distance but zero fits all of them.
    private static double[] Frequencies(int count) =>
        Enumerable.Range(0, count).Select(i => Math.PI * (i + 0.5 + 0.7 * ((i + 1) * 0.6180339887498949 % 1 - 0.5)) / count).ToArray();
}
