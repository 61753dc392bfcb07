using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Initialises models of arrays by <see cref="PerceiverInitialization.LocalArray"/>.</summary>
internal sealed class LocalArrayInitializer : LocalInitializer
{
    // By how much a logit is lower at the distance that an attention distinguishes, and far away at least. Of a thousand places far away
    // the first cross-attention then reads less than a hundredth.
    private const double Drop = 4, CrossSharpness = 12, SelfSharpness = 8;

    // Deviation of the latents beyond their positions, and of what the layers add to the latents, as normalisations find it.
    private const double LatentNoise = 0.5, LatentContent = 0.8;

    // Deviation of a projected input: small beside its position, so that large inputs do not lower the position's share.
    private const double InputContent = 0.25;
    private const int MostBands = 12;
    private const string Projection = "input_preprocessor.projection.weight";
    private const string Cross = "encoder.cross_attention.", Decoder = "decoder.decoder.";

    private readonly PerceiverArraySettings _settings;
    private readonly LocalArrayGrid _grid;
    private readonly int[] _bands;
    private int _nextNeighbour;

    private LocalArrayInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator)
    {
        _settings = config.Array!;
        _grid = new LocalArrayGrid(_settings, config.NumLatents);
        // At most two fifths of a latent's channels hold its position.
        int most = Math.Min(MostBands, config.LatentChannels / (5 * Math.Max(1, _grid.Axes.Length)));
        bool isLocal = _settings.Positions != PerceiverArraySettings.Trainable && _grid.Axes.Length > 0 && most > 0;
        _bands = isLocal ? _grid.Bands(most) : [];
    }

    private int Content => _settings.ProjectedChannels ?? _settings.VectorWidth;

    private int PositionChannels => 2 * _grid.Axes.Length * _bands.Length;

    // The channels of an input: its content, its places, all sines by axis, all cosines by axis.
    private Encoding Inputs => EncodingOf(Content, _settings.ProjectedChannels is null ? 1 : InputContent);

    private Encoding Anchors => new(NormalizedAmplitude(Config.LatentChannels, PositionChannels, LatentNoise), OfLatent);

    private Encoding Latents => new(NormalizedAmplitude(Config.LatentChannels, PositionChannels, LatentContent), OfLatent);

    /// <summary>Initialises a model of arrays.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalArrayInitializer(config, weights, generator).Draw();

    private void Draw()
    {
        DrawMatrices(_ => null);
        this[Decoder + "final_layer.weight"].mul_(Scalars.Kept(0.3));
        DrawNormal(this["embeddings.latents"], _bands.Length > 0 ? LatentNoise : 1);
        if (_settings.Bins is { } bins)
            DrawNormal(this["input_preprocessor.number_projection.weight"], 1 / Math.Sqrt(bins[0].Count));
        if (_settings.Positions == PerceiverArraySettings.Trainable)
            DrawNormal(this["input_preprocessor.position_embeddings.position_embeddings"], 1);
        if (_bands.Length == 0)
            return;
        if (_settings.ProjectedChannels is not null)
            this[Projection].mul_(Scalars.Kept(InputContent));
        DrawAnchors();
        DrawCrossAttention();
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
            DrawLayer($"encoder.self_attends.{i}.");
        DrawDecoder();
    }

    private void DrawAnchors()
    {
        float[] features = new float[Config.NumLatents * PositionChannels];
        for (int latent = 0; latent < Config.NumLatents; latent++)
        {
            double[] place = _grid.FromMiddle(latent);
            for (int i = 0; i < _bands.Length; i++)
            {
                for (int axis = 0; axis < place.Length; axis++)
                {
                    double angle = _grid.Frequency(_bands[i], axis) * place[axis];
                    var feature = OfLatent(i, axis);
                    features[latent * PositionChannels + feature.Cos] = (float)(Amplitude * Math.Cos(angle));
                    features[latent * PositionChannels + feature.Sin] = (float)(Amplitude * Math.Sin(angle));
                }
            }
        }

        this["embeddings.latents"].narrow(1, 0, PositionChannels).copy_(tensor(features, Config.NumLatents, PositionChannels));
    }

    /// <summary>The heads share the cell of a latent among them; each reads a part of it.</summary>
    private void DrawCrossAttention()
    {
        int heads = Config.NumCrossAttentionHeads;
        int[] parts = LocalArrayGrid.Factors(heads, _grid.Cells);
        double[] widths = [.. _grid.Cells.Zip(parts, (cell, count) => Math.Max(1, cell / count))];
        for (int head = 0; head < heads; head++)
        {
            double[] offset = new double[parts.Length];
            int rest = head;
            for (int axis = parts.Length - 1; axis >= 0; axis--)
            {
                offset[axis] = ((rest % parts[axis] + 0.5) / parts[axis] - 0.5) * _grid.Cells[axis];
                rest /= parts[axis];
            }

            AttendAt(offset, widths, CrossSharpness, Cross, head, heads, Anchors, Inputs, keptShare: 0);
        }

        // The values are made of the inputs' content more than of their positions, which the latents have already.
        var value = this[Cross + "attention.self.value.weight"];
        double contentDeviation = _settings.ProjectedChannels is null ? 1 : InputContent;
        DrawNormal(value.narrow(1, 0, Content), 0.6 / contentDeviation / Math.Sqrt(Content));
        value.narrow(1, Content, value.shape[1] - Content).mul_(Scalars.Kept(0.2));
        ScaleOutputs(Cross, PositionChannels, 1);
    }

    /// <summary>Half of the heads read the neighbours on either side, axis by axis.</summary>
    private void DrawLayer(string layer)
    {
        int heads = Config.NumSelfAttentionHeads, axes = _grid.Axes.Length;
        for (int head = 0; head < heads / 2; head++)
        {
            int neighbour = _nextNeighbour++ % (2 * axes);
            double[] offset = new double[axes];
            offset[neighbour / 2] = (neighbour % 2 == 0 ? 1 : -1) * _grid.Cells[neighbour / 2];
            AttendAt(offset, _grid.Cells, SelfSharpness, layer, head, heads, Latents, Latents, keptShare: 0.3);
        }

        ScaleOutputs(layer, PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
    }

    /// <summary>A query that has a place reads the latents around it.</summary>
    private void DrawDecoder()
    {
        bool hasOtherPlaces = !_settings.HasCoordinates && _settings.CoordinateResolutions is not null;
        Encoding? queries = _settings.Output switch
        {
            PerceiverArraySettings.PositionsOutput => Inputs,
            PerceiverArraySettings.CoordinatesOutput when !hasOtherPlaces => EncodingOf(0, 0),
            _ => null,
        };
        const string layer = Decoder + "decoding_cross_attention.";
        double[] offset = new double[_grid.Axes.Length];
        if (queries is { } encoding)
            AttendAt(offset, _grid.Cells, SelfSharpness, layer, 0, 1, encoding, Latents, keptShare: 0);
    }

    /// <summary>Lets a head attend at an offset.</summary>
    /// <param name="offset">Places along each axis.</param>
    /// <param name="distance">The distance along each axis at which the logit is lower by <see cref="Drop"/>.</param>
    /// <param name="least">By how much the logit is lower far away, at least.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="head">The head.</param>
    /// <param name="heads">The layer's heads.</param>
    /// <param name="queries">The positions in what the queries are made of.</param>
    /// <param name="keys">The positions in what the keys are made of.</param>
    /// <param name="keptShare">The share of the drawn values that is kept.</param>
    private void AttendAt(
        double[] offset,
        double[] distance,
        double least,
        string layer,
        int head,
        int heads,
        Encoding queries,
        Encoding keys,
        double keptShare)
    {
        var (query, key) = HeadRows(layer, head, heads, keptShare);
        int width = (int)query.shape[0], axes = offset.Length;
        int[] bands = BandsFor(distance, width / (2 * axes));
        double mean = bands.Average(i => distance.Select((d, axis) => 1 - Math.Cos(_grid.Frequency(_bands[i], axis) * d)).Average());
        double sharpness = Math.Max(least, axes * Drop / mean);
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (axes * bands.Length * queries.Amplitude * keys.Amplitude));
        for (int i = 0; i < bands.Length; i++)
        {
            for (int axis = 0; axis < axes && 2 * (axes * i + axis) + 1 < width; axis++)
            {
                double angle = _grid.Frequency(_bands[bands[i]], axis) * offset[axis];
                var (ofQuery, ofKey) = (queries.FeatureOf(bands[i], axis), keys.FeatureOf(bands[i], axis));
                AttendAtOffset(query, key, 2 * (axes * i + axis), ofQuery, ofKey, angle, gain);
            }
        }
    }

    /// <summary>
    /// At most so many of the bands, evenly taken, whose waves are long enough for a distance: shorter ones repeat within it.
    /// </summary>
    private int[] BandsFor(double[] distance, int most)
    {
        int[] fitting =
        [
            .. Enumerable.Range(0, _bands.Length)
                .Where(i => i == 0 || distance.Select((d, axis) => _grid.Frequency(_bands[i], axis) * d).Max() <= Math.PI),
        ];
        int used = Math.Clamp(most, 1, fitting.Length);
        if (used == 1)
            return [fitting[^1]];
        return [.. Enumerable.Range(0, used).Select(i => fitting[(int)Math.Round(i * (fitting.Length - 1) / (used - 1.0))])];
    }

    private Encoding EncodingOf(int content, double deviation)
    {
        int bands = _settings.NumBands, axes = _grid.AllAxes;
        double meanSquare = (axes * bands + content * deviation * deviation) / (content + axes + 2.0 * axes * bands);
        return new Encoding(1 / Math.Sqrt(meanSquare), (band, axis) =>
        {
            int sine = content + axes + _grid.Axes[axis] * bands + _bands[band];
            return new PositionFeature(sine + axes * bands, sine);
        });
    }

    private PositionFeature OfLatent(int band, int axis)
    {
        int cos = 2 * (_grid.Axes.Length * band + axis);
        return new PositionFeature(cos, cos + 1);
    }

    /// <summary>How vectors encode their positions.</summary>
    /// <param name="Amplitude">Amplitude of the position features after the layer normalisation.</param>
    /// <param name="FeatureOf">The channels of a band, by its index among the chosen ones, and an axis.</param>
    private readonly record struct Encoding(double Amplitude, Func<int, int, PositionFeature> FeatureOf);
}
