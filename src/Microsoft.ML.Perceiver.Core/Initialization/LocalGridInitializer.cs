using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What the local first weights of pictures and of flow share: every latent begins at home over a part of the grid that the preprocessor makes of a
/// frame, the first cross-attention's heads read the places round it, and half of the self-attention's heads read neighbouring latents.
/// </summary>
internal abstract class LocalGridInitializer : LocalInitializer
{
    /// <summary>Channels of a place before its position.</summary>
    private protected const int PlaceChannels = 64;

    /// <summary>Deviation of those channels: small beside the position, or edges would lower its share in the normalisation and with it the attention.</summary>
    private protected const double PlaceContent = 0.25;

    // How much lower a logit is at the distance that an attention is to tell apart.
    private const double ReadingDrop = 4, NeighbourDrop = 4;

    // Deviation of what the layers add to the latents, as normalisations will find it.
    private const double LatentContent = 0.8;
    private const int Bands = 64, MostFrequencies = 12;

    private readonly int _height, _width, _rows, _columns;
    private readonly double[] _resolutions;
    private readonly int[] _bands;
    private int _nextNeighbour;

    /// <param name="config">The model's configuration.</param>
    /// <param name="weights">The model's weights by state-dictionary name; all of them must have memory.</param>
    /// <param name="generator">The random number generator.</param>
    /// <param name="height">The grid's height.</param>
    /// <param name="width">The grid's width.</param>
    /// <param name="resolutions">The resolutions of the Fourier positions, down and across.</param>
    private protected LocalGridInitializer(
        PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator, int height, int width, IReadOnlyList<int> resolutions)
        : base(config, weights, generator)
    {
        (_height, _width, _resolutions) = (height, width, [resolutions[0], resolutions[1]]);
        (_rows, _columns) = Grid(Config.NumLatents, height, width);
        int count = Math.Min(MostFrequencies, Config.LatentChannels / 10);
        // From waves as long as the grid to such as two places, each shorter than the last by the same factor; shorter ones look like longer ones.
        int last = Enumerable.Range(0, Bands - 3).Last(k => Math.Max(Frequency(k, 0), Frequency(k, 1)) <= Math.PI || k == 0);
        _bands = last < count
            ? [.. Enumerable.Range(0, last + 1)]
            : [.. Enumerable.Range(0, count).Select(i => (int)Math.Round(Math.Pow(last, count == 1 ? 0 : i / (count - 1.0)))).Distinct()];
    }

    /// <summary>Distance between homes in places.</summary>
    private protected double Cell => Math.Sqrt(CellHeight * CellWidth);

    /// <summary>Amplitude of a place's position features after their normalisation.</summary>
    private protected static double PlaceScale => 1 / Math.Sqrt((2 * Bands + PlaceChannels * PlaceContent * PlaceContent) / (PlaceChannels + 2 + 4.0 * Bands));

    /// <summary>Amplitude of a latent's position features after their normalisation, within the encoder and behind it.</summary>
    private protected double StateScale => Scale(Config.LatentChannels, PositionChannels, LatentContent);

    private int PositionChannels => 4 * _bands.Length;

    private double CellHeight => _height / (double)_rows;

    private double CellWidth => _width / (double)_columns;

    /// <summary>Rows and columns of homes whose cells are nearest to squares.</summary>
    internal static (int Rows, int Columns) Grid(int latents, int height, int width)
    {
        int rows = Enumerable.Range(1, latents).Where(r => latents % r == 0).MinBy(r => Math.Abs(Math.Log(height / (double)r * (latents / r) / width)));
        return (rows, latents / rows);
    }

    /// <summary>Draws the latents and the encoder.</summary>
    private protected void DrawEncoder()
    {
        PlaceLatents();
        const string reading = "encoder.cross_attention.";
        double homeScale = Scale(Config.LatentChannels, PositionChannels, 0.5);
        int readers = Config.NumCrossAttentionHeads;
        var (down, across) = Grid(readers, (int)Math.Ceiling(8 * CellHeight), (int)Math.Ceiling(8 * CellWidth));
        for (int head = 0; head < readers; head++)
        {
            double y = ((head / across + 0.5) / down - 0.5) * CellHeight, x = ((head % across + 0.5) / across - 0.5) * CellWidth;
            Aim(reading, head, readers, new Look(y, x, 1.2, ReadingDrop, 0), OfLatent, OfPlace, homeScale, PlaceScale);
        }

        ReadPlaces(reading);
        KeepPositions(reading, PositionChannels, 1);
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
            DrawLayer($"encoder.self_attends.{i}.");
    }

    /// <summary>Lets a decoder's one head ask the latents round a place.</summary>
    private protected void AskNeighbours(string layer, double drop) => Aim(layer, 0, 1, new Look(0, 0, Cell, drop, 0), OfPlace, OfLatent, PlaceScale, StateScale);

    private void DrawLayer(string layer)
    {
        // By turns beside and above one another, so that few heads reach all round.
        (int Y, int X)[] neighbours = [(0, 1), (0, -1), (1, 0), (-1, 0)];
        int heads = Config.NumSelfAttentionHeads;
        for (int head = 0; head < heads / 2; head++)
        {
            var (y, x) = neighbours[_nextNeighbour++ % neighbours.Length];
            Aim(layer, head, heads, new Look(y * CellHeight, x * CellWidth, Cell, NeighbourDrop, 0.3), OfLatent, OfLatent, StateScale, StateScale);
        }

        KeepPositions(layer, PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
    }

    /// <summary>Lets a head look at a distance.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="head">The head.</param>
    /// <param name="heads">The layer's heads.</param>
    /// <param name="look">Where, and how sharply.</param>
    /// <param name="ofQuery">The channels of what asks.</param>
    /// <param name="ofKey">The channels of what is asked.</param>
    /// <param name="queryScale">Amplitude of the queries' position features after their normalisation.</param>
    /// <param name="keyScale">The same of the keys.</param>
    private void Aim(string layer, int head, int heads, Look look, Func<int, int, PlaceFeature> ofQuery, Func<int, int, PlaceFeature> ofKey, double queryScale, double keyScale)
    {
        var (q, k) = Head(layer, head, heads, look.Content);
        int width = (int)q.shape[0];
        // Waves shorter than what is to be told apart would only confuse; of the others as many as there is room for, evenly taken.
        int[] fitting = [.. Enumerable.Range(0, _bands.Length).Where(i => i == 0 || Frequency(_bands[i], 1) * look.Distance <= Math.PI)];
        int used = Math.Clamp(width / 4, 1, fitting.Length);
        int[] chosen = [.. Enumerable.Range(0, used).Select(i => fitting[used == 1 ? ^1 : (int)Math.Round(i * (fitting.Length - 1) / (used - 1.0))])];
        double mean = chosen.Average(i => 1 - Math.Cos(Frequency(_bands[i], 1) * look.Distance));
        double sharpness = 2 * look.Drop / mean;
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (2 * used * queryScale * keyScale));
        for (int i = 0; i < used; i++)
        {
            for (int axis = 0; axis < 2 && 4 * i + 2 * axis + 1 < width; axis++)
            {
                double angle = Frequency(_bands[chosen[i]], axis) * (axis == 0 ? look.Y : look.X);
                Compare(q, k, 4 * i + 2 * axis, ofQuery(chosen[i], axis), ofKey(chosen[i], axis), angle, gain);
            }
        }
    }

    /// <summary>What is read of places is what they hold rather than where they are, which the latents know.</summary>
    private void ReadPlaces(string layer)
    {
        var value = this[layer + "attention.self.value.weight"];
        Normal(value.narrow(1, 0, PlaceChannels), 0.6 / PlaceContent / Math.Sqrt(PlaceChannels));
        value.narrow(1, PlaceChannels, value.shape[1] - PlaceChannels).mul_(0.2);
    }

    private void PlaceLatents()
    {
        var latents = this["embeddings.latents"];
        Normal(latents, 0.5);
        float[] features = new float[Config.NumLatents * PositionChannels];
        for (int latent = 0; latent < Config.NumLatents; latent++)
        {
            double y = (latent / _columns + 0.5) * CellHeight - 0.5, x = (latent % _columns + 0.5) * CellWidth - 0.5;
            for (int i = 0; i < _bands.Length; i++)
            {
                for (int axis = 0; axis < 2; axis++)
                {
                    // The places' features are of -1 to 1, so that the phase begins in the middle.
                    double angle = Frequency(_bands[i], axis) * (axis == 0 ? y - (_height - 1) / 2.0 : x - (_width - 1) / 2.0);
                    var feature = OfLatent(i, axis);
                    features[latent * PositionChannels + feature.Cos] = (float)(Amplitude * Math.Cos(angle));
                    features[latent * PositionChannels + feature.Sin] = (float)(Amplitude * Math.Sin(angle));
                }
            }
        }

        latents.narrow(1, 0, PositionChannels).copy_(tensor(features, Config.NumLatents, PositionChannels));
    }

    /// <summary>Radians a place of a band.</summary>
    private double Frequency(int band, int axis) =>
        2 * Math.PI * (1 + band * (_resolutions[axis] / 2 - 1) / (Bands - 1)) / Math.Max(1, (axis == 0 ? _height : _width) - 1);

    private static PlaceFeature OfLatent(int band, int axis) => new(4 * band + 2 * axis, 4 * band + 2 * axis + 1);

    // The places' channels: what they hold, both raw positions, all sines by axis, all cosines.
    private PlaceFeature OfPlace(int band, int axis)
    {
        int sine = PlaceChannels + 2 + axis * Bands + _bands[band];
        return new PlaceFeature(sine + 2 * Bands, sine);
    }

    /// <summary>Where a head looks.</summary>
    /// <param name="Y">Places down.</param>
    /// <param name="X">Places to the right.</param>
    /// <param name="Distance">What is so many places beside it is told apart.</param>
    /// <param name="Drop">By so much is its logit lower.</param>
    /// <param name="Content">The share of what was drawn that stays.</param>
    private readonly record struct Look(double Y, double X, double Distance, double Drop, double Content);
}
