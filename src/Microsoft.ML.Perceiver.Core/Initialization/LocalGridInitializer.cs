using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the local initialisations of images and of optical flow share. The preprocessor makes a grid of inputs. Every latent is anchored at
/// a point of it; the heads of the first cross-attention read the inputs around the anchor, and half of the self-attention's heads read
/// neighbouring latents.
/// </summary>
internal abstract class LocalGridInitializer : LocalInitializer
{
    /// <summary>Channels of an input before its position.</summary>
    private protected const int ContentChannels = 64;

    /// <summary>
    /// Standard deviation of those channels. It is small compared with the position: otherwise edges would lower the position's share in
    /// the layer normalisation, and with it the attention.
    /// </summary>
    private protected const double InputContent = 0.25;

    // By how much a logit is lower at the distance that an attention distinguishes.
    private const double CrossDrop = 4, SelfDrop = 4;

    // Deviation of the latents beyond their positions, and of what the layers add to the latents, as normalisations find it.
    private const double LatentNoise = 0.5, LatentContent = 0.8;
    private const int Bands = 64, MostFrequencies = 12, Axes = 2;

    private readonly int _height, _width, _rows, _columns;
    private readonly double[] _resolutions;
    private readonly int[] _bands;
    private int _nextNeighbour;

    /// <param name="config">The model's configuration.</param>
    /// <param name="weights">The model's weights by state-dictionary name; all of them must have memory.</param>
    /// <param name="generator">The random number generator.</param>
    /// <param name="height">The grid's height.</param>
    /// <param name="width">The grid's width.</param>
    /// <param name="resolutions">The resolutions of the Fourier positions, of height and width.</param>
    private protected LocalGridInitializer(
        PerceiverConfig config,
        IReadOnlyDictionary<string, Tensor> weights,
        Generator generator,
        int height,
        int width,
        IReadOnlyList<int> resolutions)
        : base(config, weights, generator)
    {
        (_height, _width, _resolutions) = (height, width, [resolutions[0], resolutions[1]]);
        (_rows, _columns) = Grid(Config.NumLatents, height, width);
        _bands = ChooseBands(Math.Min(MostFrequencies, Config.LatentChannels / 10));
    }

    /// <summary>Distance between anchors in grid points.</summary>
    private protected double Cell => Math.Sqrt(CellHeight * CellWidth);

    private int PositionChannels => 2 * Axes * _bands.Length;

    private double CellHeight => _height / (double)_rows;

    private double CellWidth => _width / (double)_columns;

    // The channels of an input: its content, both raw positions, all sines by axis, all cosines by axis.
    private Encoding Inputs
    {
        get
        {
            double meanSquare = (2 * Bands + ContentChannels * InputContent * InputContent) / (ContentChannels + 2 + 4.0 * Bands);
            return new Encoding(1 / Math.Sqrt(meanSquare), (band, axis) =>
            {
                int sine = ContentChannels + Axes + axis * Bands + _bands[band];
                return new PositionFeature(sine + Axes * Bands, sine);
            });
        }
    }

    // The latents before the first layer.
    private Encoding Anchors => new(NormalizedAmplitude(Config.LatentChannels, PositionChannels, LatentNoise), OfLatent);

    // The latents within the encoder and after it.
    private Encoding Latents => new(NormalizedAmplitude(Config.LatentChannels, PositionChannels, LatentContent), OfLatent);

    /// <summary>The rows and columns of anchors whose cells are nearest to squares.</summary>
    internal static (int Rows, int Columns) Grid(int latents, int height, int width)
    {
        int rows = Enumerable.Range(1, latents)
            .Where(r => latents % r == 0)
            .MinBy(r => Math.Abs(Math.Log(height / (double)r * (latents / r) / width)));
        return (rows, latents / rows);
    }

    /// <summary>Draws the latents and the encoder.</summary>
    private protected void DrawEncoder()
    {
        DrawLatents();
        const string layer = "encoder.cross_attention.";
        int heads = Config.NumCrossAttentionHeads;
        // The offsets of the heads fill the cell of a latent evenly.
        var (down, across) = Grid(heads, (int)Math.Ceiling(8 * CellHeight), (int)Math.Ceiling(8 * CellWidth));
        for (int head = 0; head < heads; head++)
        {
            double y = ((head / across + 0.5) / down - 0.5) * CellHeight, x = ((head % across + 0.5) / across - 0.5) * CellWidth;
            AttendAt(new Offset(y, x, 1.2, CrossDrop), layer, head, heads, Anchors, Inputs, keptShare: 0);
        }

        ReadContent(layer);
        ScaleOutputs(layer, PositionChannels, 1);
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
            DrawLayer($"encoder.self_attends.{i}.");
    }

    /// <summary>Lets the one head of a decoder read the latents around the position of its query.</summary>
    private protected void DrawDecoder(string layer, double drop) =>
        AttendAt(new Offset(0, 0, Cell, drop), layer, 0, 1, Inputs, Latents, keptShare: 0);

    /// <summary>Anchors trainable queries as wide as the latents; half of their decoder's heads read the latents around.</summary>
    private protected void DrawQueries(Tensor queries, int count, string layer)
    {
        var (rows, columns) = GridOf(count);
        DrawAnchors(queries, rows, columns);
        for (int head = 0; head < Math.Max(1, Config.NumCrossAttentionHeads / 2); head++)
            AttendAt(new Offset(0, 0, Cell, SelfDrop), layer, head, Config.NumCrossAttentionHeads, Anchors, Latents, keptShare: 0);
    }

    /// <summary>As <see cref="Grid"/>, over the grid of inputs.</summary>
    private protected (int Rows, int Columns) GridOf(int count) => Grid(count, _height, _width);

    private void DrawLayer(string layer)
    {
        // In turn right, left, below and above, so that few heads cover all directions.
        (int Y, int X)[] neighbours = [(0, 1), (0, -1), (1, 0), (-1, 0)];
        int heads = Config.NumSelfAttentionHeads;
        for (int head = 0; head < heads / 2; head++)
        {
            var (y, x) = neighbours[_nextNeighbour++ % neighbours.Length];
            AttendAt(new Offset(y * CellHeight, x * CellWidth, Cell, SelfDrop), layer, head, heads, Latents, Latents, keptShare: 0.3);
        }

        ScaleOutputs(layer, PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
    }

    /// <summary>Lets a head attend at an offset.</summary>
    /// <param name="offset">The offset, and how sharply the head attends.</param>
    /// <param name="layer">The layer's name.</param>
    /// <param name="head">The head.</param>
    /// <param name="heads">The layer's heads.</param>
    /// <param name="queries">The positions in what the queries are made of.</param>
    /// <param name="keys">The positions in what the keys are made of.</param>
    /// <param name="keptShare">The share of the drawn values that is kept.</param>
    private void AttendAt(Offset offset, string layer, int head, int heads, Encoding queries, Encoding keys, double keptShare)
    {
        var (query, key) = HeadRows(layer, head, heads, keptShare);
        int width = (int)query.shape[0];
        int[] bands = BandsFor(offset.Distance, width / 4);
        double mean = bands.Average(i => 1 - Math.Cos(Frequency(_bands[i], 1) * offset.Distance));
        double sharpness = 2 * offset.Drop / mean;
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (2 * bands.Length * queries.Amplitude * keys.Amplitude));
        for (int i = 0; i < bands.Length; i++)
        {
            for (int axis = 0; axis < Axes && 4 * i + 2 * axis + 1 < width; axis++)
            {
                double angle = Frequency(_bands[bands[i]], axis) * (axis == 0 ? offset.Y : offset.X);
                var (ofQuery, ofKey) = (queries.FeatureOf(bands[i], axis), keys.FeatureOf(bands[i], axis));
                AttendAtOffset(query, key, 4 * i + 2 * axis, ofQuery, ofKey, angle, gain);
            }
        }
    }

    /// <summary>
    /// At most so many of the bands, evenly taken, whose waves are long enough for a distance: shorter ones repeat within it.
    /// </summary>
    private int[] BandsFor(double distance, int most)
    {
        int[] fitting = [.. Enumerable.Range(0, _bands.Length).Where(i => i == 0 || Frequency(_bands[i], 1) * distance <= Math.PI)];
        int used = Math.Clamp(most, 1, fitting.Length);
        if (used == 1)
            return [fitting[^1]];
        return [.. Enumerable.Range(0, used).Select(i => fitting[(int)Math.Round(i * (fitting.Length - 1) / (used - 1.0))])];
    }

    /// <summary>
    /// At most so many bands, from waves as long as the grid to waves of two grid points, each shorter than the last by the same factor.
    /// Shorter waves cannot be distinguished from longer ones on the grid.
    /// </summary>
    private int[] ChooseBands(int most)
    {
        int last = Enumerable.Range(0, Bands - 3).Last(k => Math.Max(Frequency(k, 0), Frequency(k, 1)) <= Math.PI || k == 0);
        if (last < most)
            return [.. Enumerable.Range(0, last + 1)];
        return [.. Enumerable.Range(0, most).Select(i => (int)Math.Round(Math.Pow(last, most == 1 ? 0 : i / (most - 1.0)))).Distinct()];
    }

    /// <summary>
    /// The values of the cross-attention are made of the inputs' content more than of their positions, which the latents have already.
    /// </summary>
    private void ReadContent(string layer)
    {
        var value = this[layer + "attention.self.value.weight"];
        DrawNormal(value.narrow(1, 0, ContentChannels), 0.6 / InputContent / Math.Sqrt(ContentChannels));
        value.narrow(1, ContentChannels, value.shape[1] - ContentChannels).mul_(Scalars.Kept(0.2));
    }

    /// <summary>Draws the latents and writes their anchors into the first channels.</summary>
    private void DrawLatents() => DrawAnchors(this["embeddings.latents"], _rows, _columns);

    /// <summary>Draws vectors and writes the points of a grid over the inputs into their first channels.</summary>
    private void DrawAnchors(Tensor vectors, int rows, int columns)
    {
        DrawNormal(vectors, LatentNoise);
        float[] features = new float[rows * columns * PositionChannels];
        for (int anchor = 0; anchor < rows * columns; anchor++)
        {
            double y = (anchor / columns + 0.5) * _height / rows - 0.5, x = (anchor % columns + 0.5) * _width / columns - 0.5;
            // The Fourier features of the inputs have phase zero in the middle of the grid.
            double[] fromMiddle = [y - (_height - 1) / 2.0, x - (_width - 1) / 2.0];
            for (int i = 0; i < _bands.Length; i++)
            {
                for (int axis = 0; axis < Axes; axis++)
                {
                    double angle = Frequency(_bands[i], axis) * fromMiddle[axis];
                    var feature = OfLatent(i, axis);
                    features[anchor * PositionChannels + feature.Cos] = (float)(Amplitude * Math.Cos(angle));
                    features[anchor * PositionChannels + feature.Sin] = (float)(Amplitude * Math.Sin(angle));
                }
            }
        }

        vectors.narrow(1, 0, PositionChannels).copy_(tensor(features, rows * columns, PositionChannels));
    }

    /// <summary>The radians of a band from one grid point to the next.</summary>
    private double Frequency(int band, int axis)
    {
        int points = axis == 0 ? _height : _width;
        return 2 * Math.PI * (1 + band * (_resolutions[axis] / 2 - 1) / (Bands - 1)) / Math.Max(1, points - 1);
    }

    private static PositionFeature OfLatent(int band, int axis) => new(4 * band + 2 * axis, 4 * band + 2 * axis + 1);

    /// <summary>An offset that a head attends at.</summary>
    /// <param name="Y">Grid points down.</param>
    /// <param name="X">Grid points to the right.</param>
    /// <param name="Distance">The distance in grid points that the head distinguishes.</param>
    /// <param name="Drop">By how much the logit is lower at that distance from the offset.</param>
    private readonly record struct Offset(double Y, double X, double Distance, double Drop);

    /// <summary>How vectors encode their positions.</summary>
    /// <param name="Amplitude">Amplitude of the position features after the layer normalisation.</param>
    /// <param name="FeatureOf">The channels of a band, by its index among the chosen ones, and an axis.</param>
    private readonly record struct Encoding(double Amplitude, Func<int, int, PositionFeature> FeatureOf);
}
