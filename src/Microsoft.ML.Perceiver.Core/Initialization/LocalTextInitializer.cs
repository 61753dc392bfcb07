using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Initialises text models by <see cref="PerceiverInitialization.LocalText"/>.</summary>
internal sealed class LocalTextInitializer : LocalInitializer
{
    // By how much a head's logit at its offset is above the logits far from it. Softer heads learn more slowly, as measured; sharper ones
    // hardly change.
    private const double CrossSharpness = 14, SelfSharpness = 8;

    // Deviation of the latents beyond their positions, and of what the layers add to the latents, as normalisations find it.
    private const double LatentNoise = 0.5, LatentContent = 0.8;
    private const int MostChannels = 64;
    private const string TextPositions = "input_preprocessor.position_embeddings.weight", Ngrams = "input_preprocessor.ngrams.";

    private readonly double[] _frequencies;

    private LocalTextInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator)
    {
        int channels = Math.Min(MostChannels, Math.Min(Config.ModelChannels, Config.LatentChannels) / 2) / 2 * 2;
        _frequencies = Frequencies(channels / 2);
    }

    private int PositionChannels => 2 * _frequencies.Length;

    /// <summary>Bytes of the longest text for each latent.</summary>
    private double BytesPerLatent => Config.MaxPositionEmbeddings / (double)Config.NumLatents;

    /// <summary>Whether the weights are those of a model that reads text.</summary>
    internal static bool Fits(IReadOnlyDictionary<string, Tensor> weights) => weights.ContainsKey(PrefixOf(weights) + TextPositions);

    /// <summary>Initialises a text model.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalTextInitializer(config, weights, generator).Draw();

    private void Draw()
    {
        DrawMatrices(name => name.Contains("embeddings", StringComparison.Ordinal) ? 1 : null);
        double[] positions = Enumerable.Range(0, Config.MaxPositionEmbeddings).Select(i => (double)i).ToArray();
        double[] anchors = Enumerable.Range(0, Config.NumLatents).Select(i => (i + 0.5) * BytesPerLatent - 0.5).ToArray();
        // Bytes and positions lie in different channels, so that a key holds the position whatever the byte is.
        this["input_preprocessor.embeddings.weight"].narrow(1, 0, PositionChannels).zero_();
        if (Weights.Keys.Any(name => name.EndsWith(Ngrams + "table.weight", StringComparison.Ordinal)))
            DrawNgrams();
        DrawPositions(TextPositions, positions, noise: 0);
        DrawPositions("embeddings.latents", anchors, LatentNoise);
        double latentAmplitude = NormalizedAmplitude(Config.LatentChannels, PositionChannels, LatentContent);
        DrawCrossAttention("encoder.cross_attention.");
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
            DrawSelfAttention($"encoder.self_attends.{i}.", latentAmplitude);
        if (Weights.ContainsKey("embedding_decoder.bias"))
            DrawDecoder(positions, latentAmplitude);
    }

    /// <summary>The vectors of runs have half the deviation of those of bytes.</summary>
    private void DrawNgrams()
    {
        DrawNormal(this[Ngrams + "table.weight"], 1);
        this[Ngrams + "projection.weight"].mul_(Scalars.Kept(0.5 / Math.Sqrt(Config.Ngrams!.Sizes.Count)))
            .narrow(0, 0, PositionChannels).zero_();
    }

    /// <summary>Each head reads the byte at another offset from a latent's anchor.</summary>
    private void DrawCrossAttention(string layer)
    {
        double byteAmplitude = NormalizedAmplitude(Config.ModelChannels, PositionChannels, 1);
        double anchorAmplitude = NormalizedAmplitude(Config.LatentChannels, PositionChannels, LatentNoise);
        int heads = Config.NumCrossAttentionHeads;
        double middle = (heads - 1) / 2.0;
        double?[] offsets = Enumerable.Range(0, heads).Select(h => (double?)(h - middle)).ToArray();
        AttendAtOffsets(layer, offsets, CrossSharpness, 0, anchorAmplitude, byteAmplitude);
        ScaleOutputs(layer, PositionChannels, 1);
    }

    /// <summary>Half of the heads read latents at -1, +1, -2, +2, ... from the query's; the other half attend by content.</summary>
    private void DrawSelfAttention(string layer, double latentAmplitude)
    {
        int heads = Config.NumSelfAttentionHeads, local = heads / 2;
        var offsets = new double?[heads];
        for (int head = 0; head < local; head++)
            offsets[head] = (head % 2 == 0 ? -1 : 1) * (head / 2 + 1) * BytesPerLatent;
        AttendAtOffsets(layer, offsets, SelfSharpness, 0.3, latentAmplitude, latentAmplitude);
        ScaleOutputs(layer, PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
    }

    /// <summary>Each of the masked language model's eight decoder heads reads the latents at another offset from its position.</summary>
    private void DrawDecoder(double[] positions, double latentAmplitude)
    {
        DrawPositions("decoder.output_position_encodings.position_embeddings", positions, noise: 0);
        const string layer = "decoder.decoding_cross_attention.";
        double near = BytesPerLatent / 4, half = BytesPerLatent / 2, whole = BytesPerLatent;
        double?[] offsets = [0, 0, -half, half, -whole, whole, -near, near];
        AttendAtOffsets(layer, offsets, CrossSharpness, 0, NormalizedAmplitude(Config.ModelChannels, PositionChannels, 0), latentAmplitude);
        // With byte embeddings of deviation one the first logits would be far too large.
        this[layer + "attention.output.dense.weight"].mul_(Scalars.Kept(0.1));
        this[layer + "mlp.dense2.weight"].mul_(Scalars.Kept(0.1));
    }

    /// <summary>Lets heads attend at offsets.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="offsets">Each head's offset in bytes; null leaves the head as it was drawn.</param>
    /// <param name="sharpness">The logit at the offset, above its average elsewhere.</param>
    /// <param name="keptShare">The share of the drawn values that is kept in the other channels.</param>
    /// <param name="queryAmplitude">Amplitude of the queries' position features after their normalisation.</param>
    /// <param name="keyAmplitude">The same of the keys.</param>
    private void AttendAtOffsets(
        string layer, double?[] offsets, double sharpness, double keptShare, double queryAmplitude, double keyAmplitude)
    {
        int width = (int)this[layer + "attention.self.query.weight"].shape[0] / offsets.Length;
        int used = Math.Min(_frequencies.Length, width / 2), skip = _frequencies.Length / used;
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (used * queryAmplitude * keyAmplitude));
        for (int head = 0; head < offsets.Length; head++)
        {
            if (offsets[head] is not { } offset)
                continue;
            var (query, key) = HeadRows(layer, head, offsets.Length, keptShare);
            query.narrow(1, 0, PositionChannels).zero_();
            key.narrow(1, 0, PositionChannels).zero_();
            for (int i = 0; i < used; i++)
            {
                // Heads too narrow for all frequencies take different ones.
                int frequency = skip == 1 ? i : (head + i * skip) % _frequencies.Length;
                var feature = new PositionFeature(2 * frequency, 2 * frequency + 1);
                AttendAtOffset(query, key, 2 * i, feature, feature, _frequencies[frequency] * offset, gain);
            }
        }
    }

    /// <summary>Draws a table of vectors and writes positions into its first channels.</summary>
    private void DrawPositions(string name, double[] positions, double noise)
    {
        var table = this[name];
        DrawNormal(table, noise);
        float[] features = new float[positions.Length * PositionChannels];
        for (int i = 0; i < features.Length; i++)
        {
            double angle = _frequencies[i % PositionChannels / 2] * positions[i / PositionChannels];
            features[i] = (float)(Amplitude * (i % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)));
        }

        table.narrow(1, 0, PositionChannels).copy_(tensor(features, positions.Length, PositionChannels));
    }

    // Evenly spaced and jittered by the golden ratio, so that no offset but zero matches all of them.
    private static double[] Frequencies(int count) =>
        Enumerable.Range(0, count).Select(i => Math.PI * (i + 0.5 + 0.7 * ((i + 1) * 0.6180339887498949 % 1 - 0.5)) / count).ToArray();
}
