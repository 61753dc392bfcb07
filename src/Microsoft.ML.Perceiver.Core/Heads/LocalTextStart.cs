using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The first weights of <see cref="PerceiverInitialization.LocalText"/>.</summary>
internal sealed class LocalTextStart
{
    // How much more a head's logit is at home than far from it. Softer heads learn more slowly, as measured; harder ones hardly move.
    private const double ReadingSharpness = 14, ThinkingSharpness = 8;

    // Deviation of the latents beyond their positions, and what the layers add to the latents, as normalisations will find it.
    private const double LatentNoise = 0.5, LatentContent = 0.8;
    private const int MostChannels = 64;
    private const string TextPositions = "input_preprocessor.position_embeddings.weight";
    private static readonly double Amplitude = Math.Sqrt(2);

    private readonly PerceiverConfig _config;
    private readonly Dictionary<string, Tensor> _weights;
    private readonly Generator _generator;
    private readonly double[] _frequencies;
    private readonly string _prefix;

    private LocalTextStart(PerceiverPreTrainedModel model, Generator generator)
    {
        _config = model.Config;
        _generator = generator;
        _weights = model.state_dict();
        // The heads hold the model under this name; a model without a head has its parts at the root.
        _prefix = model is PerceiverModel ? "" : "perceiver.";
        int channels = Math.Min(MostChannels, Math.Min(_config.ModelChannels, _config.LatentChannels) / 2) / 2 * 2;
        _frequencies = Frequencies(channels / 2);
    }

    private int PositionChannels => 2 * _frequencies.Length;

    /// <summary>Bytes of the longest text for each latent.</summary>
    private double Stretch => _config.MaxPositionEmbeddings / (double)_config.NumLatents;

    /// <summary>Gives a text model its first weights; all of them must have memory.</summary>
    /// <exception cref="ArgumentException">The model reads no text.</exception>
    internal static void Apply(PerceiverPreTrainedModel model, long seed)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        var start = new LocalTextStart(model, generator);
        if (!start._weights.ContainsKey(start._prefix + TextPositions))
            throw new ArgumentException($"{nameof(PerceiverInitialization.LocalText)} is for models that read text; {model.GetType().Name} does not.");
        start.Draw();
    }

    private void Draw()
    {
        foreach (var (name, weight) in _weights.Where(w => w.Value.dim() == 2 && w.Key.EndsWith(".weight", StringComparison.Ordinal)))
            Normal(weight, name.Contains("embeddings", StringComparison.Ordinal) ? 1 : 1 / Math.Sqrt(weight.shape[1]));
        double[] text = Enumerable.Range(0, _config.MaxPositionEmbeddings).Select(i => (double)i).ToArray();
        double[] homes = Enumerable.Range(0, _config.NumLatents).Select(i => (i + 0.5) * Stretch - 0.5).ToArray();
        // Bytes and positions lie in different channels, so that a key can tell where a byte is whatever it is.
        _weights[_prefix + "input_preprocessor.embeddings.weight"].narrow(1, 0, PositionChannels).zero_();
        Place(TextPositions, text, noise: 0);
        Place("embeddings.latents", homes, LatentNoise);
        double byteScale = Scale(_config.ModelChannels, 1), homeScale = Scale(_config.LatentChannels, LatentNoise), stateScale = Scale(_config.LatentChannels, LatentContent);

        const string reading = "encoder.cross_attention.";
        double middle = (_config.NumCrossAttentionHeads - 1) / 2.0;
        Aim(reading, Enumerable.Range(0, _config.NumCrossAttentionHeads).Select(h => (double?)(h - middle)).ToArray(), ReadingSharpness, 0, homeScale, byteScale);
        KeepPositions(reading, 1);
        for (int i = 0; i < _config.NumSelfAttendsPerBlock; i++)
        {
            string thinking = $"encoder.self_attends.{i}.";
            int half = _config.NumSelfAttentionHeads / 2;
            // -1, +1, -2, +2, ... latents; the other half looks for content.
            var distances = Enumerable.Range(0, _config.NumSelfAttentionHeads)
                .Select(h => h < half ? (h % 2 == 0 ? -1 : 1) * (h / 2 + 1) * Stretch : (double?)null);
            Aim(thinking, distances.ToArray(), ThinkingSharpness, 0.3, stateScale, stateScale);
            KeepPositions(thinking, 1 / Math.Sqrt(2.0 * _config.NumSelfAttendsPerBlock * _config.NumBlocks));
        }

        if (_weights.ContainsKey("embedding_decoder.bias"))
            AimDecoder(text, stateScale);
    }

    /// <summary>Each of the masked language model's eight decoder heads reads the latents at another distance from its position.</summary>
    private void AimDecoder(double[] text, double stateScale)
    {
        Place("decoder.output_position_encodings.position_embeddings", text, noise: 0);
        const string decoding = "decoder.decoding_cross_attention.";
        double?[] distances = [0, 0, -Stretch / 2, Stretch / 2, -Stretch, Stretch, -Stretch / 4, Stretch / 4];
        Aim(decoding, distances, ReadingSharpness, 0, Scale(_config.ModelChannels, 0), stateScale);
        // Byte embeddings of length one each channel would make the first logits far too sure of themselves.
        _weights[_prefix + decoding + "attention.output.dense.weight"].mul_(0.1);
        _weights[_prefix + decoding + "mlp.dense2.weight"].mul_(0.1);
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
        var (query, key) = (_weights[_prefix + layer + "attention.self.query.weight"], _weights[_prefix + layer + "attention.self.key.weight"]);
        int width = (int)query.shape[0] / distances.Length;
        int used = Math.Min(_frequencies.Length, width / 2), skip = _frequencies.Length / used;
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (used * queryScale * keyScale));
        for (int head = 0; head < distances.Length; head++)
        {
            if (distances[head] is not { } distance)
                continue;
            var (q, k) = (query.narrow(0, head * width, width).mul_(content), key.narrow(0, head * width, width).mul_(content));
            q.narrow(1, 0, PositionChannels).zero_();
            k.narrow(1, 0, PositionChannels).zero_();
            for (int i = 0; i < used; i++)
            {
                // Narrow heads share the frequencies out between them.
                int f = skip == 1 ? i : (head + i * skip) % _frequencies.Length;
                float cos = (float)(gain * Math.Cos(_frequencies[f] * distance)), sin = (float)(gain * Math.Sin(_frequencies[f] * distance));
                q[2 * i, 2 * f] = cos;
                q[2 * i, 2 * f + 1] = -sin;
                q[2 * i + 1, 2 * f] = sin;
                q[2 * i + 1, 2 * f + 1] = cos;
                k[2 * i, 2 * f] = (float)gain;
                k[2 * i + 1, 2 * f + 1] = (float)gain;
            }
        }
    }

    /// <summary>What a layer adds stays out of the position channels at first, and is of a size that suits the depth.</summary>
    private void KeepPositions(string layer, double scale)
    {
        foreach (string name in (string[])["attention.output.dense.weight", "mlp.dense2.weight"])
            _weights[_prefix + layer + name].mul_(scale).narrow(0, 0, PositionChannels).zero_();
    }

    private void Place(string name, double[] places, double noise)
    {
        var table = _weights[_prefix + name];
        Normal(table, noise);
        float[] features = new float[places.Length * PositionChannels];
        for (int i = 0; i < features.Length; i++)
        {
            double angle = _frequencies[i % PositionChannels / 2] * places[i / PositionChannels];
            features[i] = (float)(Amplitude * (i % 2 == 0 ? Math.Cos(angle) : Math.Sin(angle)));
        }

        table.narrow(1, 0, PositionChannels).copy_(tensor(features, places.Length, PositionChannels));
    }

    private void Normal(Tensor weight, double deviation) =>
        weight.copy_(randn(weight.shape, ScalarType.Float32, CPU, generator: _generator).mul_(deviation));

    /// <summary>The position features' amplitude after a normalisation, where the other channels have the given deviation.</summary>
    private double Scale(int channels, double deviation) =>
        Amplitude / Math.Sqrt((PositionChannels + (channels - PositionChannels) * deviation * deviation) / channels);

    // Spread evenly and jittered by the golden ratio, so that no distance but zero fits all of them.
    private static double[] Frequencies(int count) =>
        Enumerable.Range(0, count).Select(i => Math.PI * (i + 0.5 + 0.7 * ((i + 1) * 0.6180339887498949 % 1 - 0.5)) / count).ToArray();
}
