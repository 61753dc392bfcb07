using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The first weights of <see cref="PerceiverInitialization.LocalFlow"/>.</summary>
internal sealed class LocalFlowStart : LocalStart
{
    // How much lower a logit is at the distance that an attention is to tell apart.
    private const double ReadingDrop = 4, NeighbourDrop = 4, AskingDrop = 4;

    // Deviation of what the layers add to the latents, as normalisations will find it, and of the pixels' own features: small beside their
    // positions, or edges would lower the positions' share in the normalisation and with it the attention.
    private const double LatentContent = 0.8, PixelContent = 0.25;
    private const int Bands = 64, PixelChannels = 64, MostFrequencies = 12;

    private readonly int _height, _width, _rows, _columns;
    private readonly int[] _bands;

    private LocalFlowStart(PerceiverPreTrainedModel model, Generator generator) : base(model, generator)
    {
        (_height, _width) = (Config.TrainSize[0], Config.TrainSize[1]);
        (_rows, _columns) = Grid(Config.NumLatents, _height, _width);
        int count = Math.Min(MostFrequencies, Config.LatentChannels / 10);
        // From waves as long as the frame to such as two pixels, each shorter than the last by the same factor.
        _bands = [.. Enumerable.Range(0, count).Select(i => (int)Math.Round(Math.Pow(Bands - 4, count == 1 ? 0 : i / (count - 1.0)))).Distinct()];
    }

    private int PositionChannels => 4 * _bands.Length;

    private double CellHeight => _height / (double)_rows;

    private double CellWidth => _width / (double)_columns;

    /// <summary>Gives a model of optical flow its first weights; all of them must have memory.</summary>
    /// <exception cref="ArgumentException">The model is another.</exception>
    internal static void Apply(PerceiverPreTrainedModel model, long seed)
    {
        if (model is not PerceiverForOpticalFlow)
            throw new ArgumentException($"{nameof(PerceiverInitialization.LocalFlow)} is for {nameof(PerceiverForOpticalFlow)}, not {model.GetType().Name}.");
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        new LocalFlowStart(model, generator).Draw();
    }

    /// <summary>Rows and columns of homes whose cells are nearest to squares.</summary>
    internal static (int Rows, int Columns) Grid(int latents, int height, int width)
    {
        int rows = Enumerable.Range(1, latents).Where(r => latents % r == 0).MinBy(r => Math.Abs(Math.Log(height / (double)r * (latents / r) / width)));
        return (rows, latents / rows);
    }

    private void Draw()
    {
        NormalMatrices(_ => null);
        ReadChanges();
        PlaceLatents();
        double pixelScale = 1 / Math.Sqrt((2 * Bands + PixelChannels * PixelContent * PixelContent) / (PixelChannels + 2 + 4.0 * Bands));
        double stateScale = Scale(Config.LatentChannels, PositionChannels, LatentContent), homeScale = Scale(Config.LatentChannels, PositionChannels, 0.5);

        const string reading = "encoder.cross_attention.";
        int readers = Config.NumCrossAttentionHeads;
        var (down, across) = Grid(readers, (int)Math.Ceiling(8 * CellHeight), (int)Math.Ceiling(8 * CellWidth));
        for (int head = 0; head < readers; head++)
        {
            double y = ((head / across + 0.5) / down - 0.5) * CellHeight, x = ((head % across + 0.5) / across - 0.5) * CellWidth;
            Aim(reading, head, readers, new Look(y, x, 1.2, ReadingDrop, 0), latents: true, homeScale, pixelScale);
        }

        ReadPixels(reading);
        KeepPositions(reading, PositionChannels, 1);
        // By turns beside and above one another, so that few heads reach all round.
        (int Y, int X)[] neighbours = [(0, 1), (0, -1), (1, 0), (-1, 0)];
        int next = 0;
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
        {
            string thinking = $"encoder.self_attends.{i}.";
            int heads = Config.NumSelfAttentionHeads;
            for (int head = 0; head < heads / 2; head++)
            {
                var (y, x) = neighbours[next++ % neighbours.Length];
                Aim(thinking, head, heads, new Look(y * CellHeight, x * CellWidth, Cell, NeighbourDrop, 0.3), latents: true, stateScale, stateScale, between: true);
            }

            KeepPositions(thinking, PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
        }

        const string asking = "decoder.decoder.decoding_cross_attention.";
        Aim(asking, 0, 1, new Look(0, 0, Cell, AskingDrop, 0), latents: false, pixelScale, stateScale);
        this["decoder.decoder.final_layer.weight"].mul_(0.3);
    }

    private double Cell => Math.Sqrt(CellHeight * CellWidth);

    /// <summary>Lets a head look at a distance.</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="head">The head.</param>
    /// <param name="heads">The layer's heads.</param>
    /// <param name="look">Where, and how sharply.</param>
    /// <param name="latents">Whether the latents ask; else the pixels do.</param>
    /// <param name="queryScale">Amplitude of the queries' position features after their normalisation.</param>
    /// <param name="keyScale">The same of the keys.</param>
    /// <param name="between">Whether latents are asked by latents.</param>
    private void Aim(string layer, int head, int heads, Look look, bool latents, double queryScale, double keyScale, bool between = false)
    {
        var (q, k) = Head(layer, head, heads, look.Content);
        int width = (int)q.shape[0];
        // Waves shorter than what is to be told apart would only confuse; of the others as many as there is room for, evenly taken.
        int[] fitting = [.. Enumerable.Range(0, _bands.Length).Where(i => Frequency(i, 1) * look.Distance <= Math.PI)];
        int used = Math.Clamp(width / 4, 1, fitting.Length);
        int[] chosen = [.. Enumerable.Range(0, used).Select(i => fitting[used == 1 ? ^1 : (int)Math.Round(i * (fitting.Length - 1) / (used - 1.0))])];
        double mean = chosen.Average(i => 1 - Math.Cos(Frequency(i, 1) * look.Distance));
        double sharpness = 2 * look.Drop / mean;
        double gain = Math.Sqrt(sharpness * Math.Sqrt(width) / (2 * used * queryScale * keyScale));
        for (int i = 0; i < used; i++)
        {
            for (int axis = 0; axis < 2 && 4 * i + 2 * axis + 1 < width; axis++)
            {
                double angle = Frequency(chosen[i], axis) * (axis == 0 ? look.Y : look.X);
                Compare(
                    q, k, 4 * i + 2 * axis,
                    latents ? OfLatent(chosen[i], axis) : OfPixel(chosen[i], axis),
                    latents && !between ? OfPixel(chosen[i], axis) : OfLatent(chosen[i], axis),
                    angle, gain);
            }
        }
    }

    /// <summary>
    /// The pixels' features: a few of their colours as they are, which say little of motion but vary the most; the others of what differs within
    /// the patches, and between the frames, both enlarged to a like size.
    /// </summary>
    private void ReadChanges()
    {
        const int colours = RgbPlanes.Channels, places = PerceiverForOpticalFlow.PatchChannels / colours;
        const int asTheyAre = 8, withinPatches = 28;
        var patterns = empty(PixelChannels, places, 1);
        Normal(patterns, 1);
        var within = patterns - patterns.mean([1], keepdim: true);
        var mixed = empty(PixelChannels, 1, colours);
        Normal(mixed, 0.4);
        // Of both frames alike, or of the second less the first; light and dark say more than hues do.
        var both = (patterns.narrow(0, 0, asTheyAre) * (1 + mixed.narrow(0, 0, asTheyAre)) * Typical(0.4, places * colours)).flatten(1);
        var inside = (within.narrow(0, asTheyAre, withinPatches) * (1 + mixed.narrow(0, asTheyAre, withinPatches)) * Typical(3, places * colours)).flatten(1);
        int rest = PixelChannels - asTheyAre - withinPatches;
        var between = (patterns.narrow(0, PixelChannels - rest, rest) * (1 + mixed.narrow(0, PixelChannels - rest, rest)) * Typical(4, places * colours)).flatten(1);
        this["input_preprocessor.conv_after_patches.weight"].copy_(cat([cat([both, both], 1), cat([inside, inside], 1), cat([-between, between], 1)], 0));
    }

    private static double Typical(double gain, int inputs) => gain * PixelContent / Math.Sqrt(inputs);

    /// <summary>What is read of pixels is their colours rather than their places, which the latents know.</summary>
    private void ReadPixels(string layer)
    {
        var value = this[layer + "attention.self.value.weight"];
        Normal(value.narrow(1, 0, PixelChannels), 0.6 / PixelContent / Math.Sqrt(PixelChannels));
        value.narrow(1, PixelChannels, value.shape[1] - PixelChannels).mul_(0.2);
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
                    // The pixels' features are of -1 to 1, so that the phase begins there.
                    double angle = Frequency(i, axis) * (axis == 0 ? y - (_height - 1) / 2.0 : x - (_width - 1) / 2.0);
                    var feature = OfLatent(i, axis);
                    features[latent * PositionChannels + feature.Cos] = (float)(Amplitude * Math.Cos(angle));
                    features[latent * PositionChannels + feature.Sin] = (float)(Amplitude * Math.Sin(angle));
                }
            }
        }

        latents.narrow(1, 0, PositionChannels).copy_(tensor(features, Config.NumLatents, PositionChannels));
    }

    /// <summary>Radians a pixel of a band.</summary>
    private double Frequency(int band, int axis)
    {
        int pixels = axis == 0 ? _height : _width;
        double resolution = 1 + _bands[band] * (pixels / 2.0 - 1) / (Bands - 1);
        return 2 * Math.PI * resolution / Math.Max(1, pixels - 1);
    }

    private static PlaceFeature OfLatent(int band, int axis) => new(4 * band + 2 * axis, 4 * band + 2 * axis + 1);

    // The pixels' channels: colours, both raw positions, all sines by axis, all cosines.
    private PlaceFeature OfPixel(int band, int axis)
    {
        int sine = PixelChannels + 2 + axis * Bands + _bands[band];
        return new PlaceFeature(sine + 2 * Bands, sine);
    }

    /// <summary>Where a head looks.</summary>
    /// <param name="Y">Pixels down.</param>
    /// <param name="X">Pixels to the right.</param>
    /// <param name="Distance">What is so many pixels beside it is told apart.</param>
    /// <param name="Drop">By so much is its logit lower.</param>
    /// <param name="Content">The share of what was drawn that stays.</param>
    private readonly record struct Look(double Y, double X, double Distance, double Drop, double Content);
}
