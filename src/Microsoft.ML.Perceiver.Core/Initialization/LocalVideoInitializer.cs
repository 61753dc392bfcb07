using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The first weights of <see cref="PerceiverInitialization.LocalVideo"/>.</summary>
internal sealed partial class LocalVideoInitializer : LocalInitializer
{
    // How often a wave goes up and down along an axis of the video.
    private static readonly double[] Waves = [1, 2, 3, 5];
    private static readonly int[] ReadingWaves = [1, 3];

    // What a cosine is worth in the logits, and by how much sound and picture are kept apart.
    private const double PictureReading = 2.5, SoundReading = 2, PictureAsking = 1.2, SoundAsking = 2, Apart = 8;

    // Whole waves are the same at both edges; the raw positions tell these apart.
    private const double Edges = 3;

    // Deviation of what the layers add to the latents, as normalisations will find it.
    private const double LatentContent = 0.8, FirstContent = 0.3;
    private const int PatchValues = 48, PictureBands = 32, SoundBands = 192, SoundWaves = 8, Axes = 3;

    private readonly PerceiverMultimodalExtents _extents;
    private readonly int[] _grid;

    private LocalVideoInitializer(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator)
        : base(config, weights, generator)
    {
        _extents = PerceiverMultimodalExtents.Of(config);
        Require(Config.NumLatents > _extents.AudioPoints, $"more latents than patches of sound; {Config.NumLatents} are no more than {_extents.AudioPoints}");
        Require(Config.LatentChannels >= 2 * PositionChannels, $"{2 * PositionChannels} latent channels for {_extents.AudioPoints} patches of sound; there are {Config.LatentChannels}");
        Require(Config.NumCrossAttentionHeads % 2 == 0, "an even number of heads in the first cross-attention");
        Require(HeadWidth >= 2 * SoundWaves, $"{2 * SoundWaves} channels of queries a head in the first cross-attention; there are {HeadWidth}");
        Require(Config.SamplesPerPatch >= PatchValues + Axes + 2 * Axes * PictureBands, "patches of sound as long as the pictures' vectors are wide, 243 samples");
        _grid = Grid(Config.NumLatents - _extents.AudioPoints, _extents);
    }

    private int PositionChannels => PictureChannels + _extents.AudioPoints;

    private static int PictureChannels => WaveChannels + Axes;

    private static int WaveChannels => 2 * Axes * Waves.Length;

    // Of homes that are evenly spread from -1 to 1, so that their mean square is one.
    private static double RawAmplitude => Math.Sqrt(3);

    private int HeadWidth => (Config.QueryKeyChannels ?? Config.LatentChannels) / Config.NumCrossAttentionHeads;

    /// <summary>Gives an autoencoder of video with audio its first weights.</summary>
    /// <inheritdoc cref="LocalInitializer(PerceiverConfig, IReadOnlyDictionary{string, Tensor}, Generator)"/>
    /// <exception cref="ArgumentException">The configuration's numbers leave no room; the message says for what.</exception>
    internal static void Apply(PerceiverConfig config, IReadOnlyDictionary<string, Tensor> weights, Generator generator) =>
        new LocalVideoInitializer(config, weights, generator).Draw();

    /// <summary>Homes along time, height and width whose cells are nearest to four frames long and square.</summary>
    internal static int[] Grid(int latents, PerceiverMultimodalExtents extents)
    {
        var all = from frames in Enumerable.Range(1, latents)
                  where latents % frames == 0
                  from rows in Enumerable.Range(1, latents / frames)
                  where latents / frames % rows == 0
                  let columns = latents / frames / rows
                  let square = Math.Abs(Math.Log((double)extents.Height / rows * columns / extents.Width))
                  let duration = Math.Abs(Math.Log(extents.Frames / 4.0 / frames))
                  orderby (2 * square) + duration
                  select (int[])[frames, rows, columns];
        return all.First();
    }

    private void Draw()
    {
        NormalMatrices(_ => null);
        PlaceLatents();
        foreach (string name in (string[])["image", "audio", "label"])
        {
            this[$"input_preprocessor.padding.{name}"].zero_();
            this[$"decoder.padding.{name}"].zero_();
        }

        this["input_preprocessor.mask.label"].zero_();
        Read("encoder.cross_attention.");
        for (int i = 0; i < Config.NumSelfAttendsPerBlock; i++)
            KeepPositions($"encoder.self_attends.{i}.", PositionChannels, 1 / Math.Sqrt(2.0 * Config.NumSelfAttendsPerBlock * Config.NumBlocks));
        Ask("decoder.decoder.decoding_cross_attention.");
        this["decoder.decoder.final_layer.weight"].mul_(0.5);
        this["output_postprocessor.modalities.image.classifier.weight"].mul_(0.2);
        this["output_postprocessor.modalities.audio.classifier.weight"].mul_(0.05);
        // As dark as films are on the whole.
        this["output_postprocessor.modalities.image.classifier.bias"].fill_(0.3);
    }

    // The first half of the heads reads the picture, each at another time about a home; the second half reads the sound.
    private void Read(string layer)
    {
        int heads = Config.NumCrossAttentionHeads, width = HeadWidth;
        double latents = Scale(Config.LatentChannels, PictureChannels, FirstContent);
        int inputs = (int)this["input_preprocessor.mask.label"].shape[^1];
        double pixels = 1 / Math.Sqrt((Axes * PictureBands + PatchValues * 0.2) / inputs), samples = 1 / Math.Sqrt(SoundBands / (double)inputs);
        var value = this[layer + "attention.self.value.weight"];
        int valueWidth = (int)value.shape[0] / heads;
        value.mul_(0.1);
        for (int head = 0; head < heads; head++)
        {
            var (q, k) = Head(layer, head, heads, 0);
            if (head < heads / 2)
            {
                double cell = 2.0 / _grid[0], time = ((head + 0.5) / (heads / 2) - 0.5) * cell;
                foreach (int wave in ReadingWaves)
                {
                    for (int axis = 0; axis < Axes; axis++)
                    {
                        int row = 2 * (Array.IndexOf(ReadingWaves, wave) * Axes + axis);
                        Compare(q, k, row, OfLatent(wave, axis), OfInput(wave, axis), axis == 0 ? Frequency(wave, 0) * time : 0, Gain(PictureReading, width, latents, pixels));
                    }
                }

                for (int axis = 0; axis < Axes; axis++)
                {
                    double gain = Gain(Edges, width, RawAmplitude * latents / Amplitude, pixels);
                    q[2 * Axes * ReadingWaves.Length + axis, WaveChannels + axis] = (float)gain;
                    k[2 * Axes * ReadingWaves.Length + axis, PatchValues + axis] = (float)gain;
                }

                Normal(value.narrow(0, head * valueWidth, valueWidth).narrow(1, 0, PatchValues), 1 / Math.Sqrt(PatchValues));
            }
            else
            {
                double gain = Gain(SoundReading, width, HomeAmplitude * latents / Amplitude, samples);
                NameSound(q, 0, gain, j => -1 + 2.0 * j / Math.Max(1, _extents.AudioPoints - 1));
                for (int band = 0; band < SoundWaves; band++)
                {
                    k[2 * band, Config.SamplesPerPatch + 1 + SoundBands + band] = (float)gain;
                    k[2 * band + 1, Config.SamplesPerPatch + 1 + band] = (float)gain;
                }

                ReadWaves(value.narrow(0, head * valueWidth, valueWidth), (head - heads / 2) * valueWidth);
            }
        }

        KeepPositions(layer, PositionChannels, 1);
    }

    private void Ask(string layer)
    {
        var (q, k) = Head(layer, 0, 1, 0);
        int width = (int)q.shape[0], last = (int)q.shape[1] - 1;
        double latents = Scale(Config.LatentChannels, PictureChannels, LatentContent), homes = HomeAmplitude * latents / Amplitude;
        double pixels = 1 / Math.Sqrt(Axes * PictureBands / (double)q.shape[1]), samples = 1 / Math.Sqrt(SoundBands / (double)q.shape[1]);
        Require(width > PictureChannels + 2 * SoundWaves, $"more than {PictureChannels + 2 * SoundWaves} channels of queries in the decoder");
        for (int wave = 0; wave < Waves.Length; wave++)
        {
            for (int axis = 0; axis < Axes; axis++)
                Compare(q, k, 2 * (wave * Axes + axis), OfQuery(wave, axis), OfLatent(wave, axis), 0, Gain(PictureAsking, width, pixels, latents));
        }

        for (int axis = 0; axis < Axes; axis++)
        {
            double edges = Gain(Edges, width, pixels, RawAmplitude * latents / Amplitude);
            q[WaveChannels + axis, axis] = (float)edges;
            k[WaveChannels + axis, WaveChannels + axis] = (float)edges;
        }

        double gain = Gain(SoundAsking, width, homes, samples);
        NameSound(k, PictureChannels, gain, j => -1 + 2.0 * j / _extents.AudioPoints);
        for (int band = 0; band < SoundWaves; band++)
        {
            q[PictureChannels + 2 * band, 1 + SoundBands + band] = (float)gain;
            q[PictureChannels + 2 * band + 1, 1 + band] = (float)gain;
        }

        // Only latents of sound have this key, which pixels do not want.
        this["decoder.padding.image"][0, ^1] = -1;
        this["decoder.padding.audio"][0, ^1] = 1;
        int row = PictureChannels + 2 * SoundWaves;
        double apart = Gain(Apart, width, samples, homes);
        q[row, last] = (float)apart;
        k.narrow(0, row, 1).narrow(1, PictureChannels, _extents.AudioPoints).fill_((float)apart);
    }

    private static double HomeAmplitude => Math.Sqrt(PictureChannels);

    private static double Gain(double worth, int width, double queries, double keys) => Math.Sqrt(worth * Math.Sqrt(width) / (queries * keys));

    private void PlaceLatents()
    {
        var latents = this["embeddings.latents"];
        Normal(latents, FirstContent);
        int pictures = Config.NumLatents - _extents.AudioPoints;
        float[] places = new float[Config.NumLatents * PositionChannels];
        for (int latent = 0; latent < pictures; latent++)
        {
            int[] cell = [latent / (_grid[1] * _grid[2]), latent / _grid[2] % _grid[1], latent % _grid[2]];
            for (int axis = 0; axis < Axes; axis++)
            {
                double home = -1 + 2 * (cell[axis] + 0.5) / _grid[axis] - 1.0 / Extent(axis);
                places[latent * PositionChannels + WaveChannels + axis] = (float)(RawAmplitude * home);
                for (int wave = 0; wave < Waves.Length; wave++)
                {
                    double angle = Frequency(wave, axis) * home;
                    var feature = OfLatent(wave, axis);
                    places[latent * PositionChannels + feature.Cos] = (float)(Amplitude * Math.Cos(angle));
                    places[latent * PositionChannels + feature.Sin] = (float)(Amplitude * Math.Sin(angle));
                }
            }
        }

        for (int j = 0; j < _extents.AudioPoints; j++)
            places[(pictures + j) * PositionChannels + PictureChannels + j] = (float)HomeAmplitude;
        latents.narrow(1, 0, PositionChannels).copy_(tensor(places, Config.NumLatents, PositionChannels));
    }

    private int Extent(int axis) => axis == 0 ? _extents.Frames : axis == 1 ? _extents.Height : _extents.Width;

    // The finest wave of the positions by axis: half the frames, half the pixels.
    private double Finest(int axis) => (axis == 0 ? Config.NumFrames : Config.ImageSize) / 2.0;

    private int Band(int wave, int axis) => (int)Math.Clamp(Math.Round((Waves[wave] - 1) * (PictureBands - 1) / Math.Max(1, Finest(axis) - 1)), 0, PictureBands - 1);

    /// <summary>Radians a unit of a position, which goes from -1 to 1.</summary>
    private double Frequency(int wave, int axis) => Math.PI * (1 + Band(wave, axis) * (Finest(axis) - 1) / (PictureBands - 1));

    private static PlaceFeature OfLatent(int wave, int axis) => new(2 * (wave * Axes + axis), 2 * (wave * Axes + axis) + 1);

    // The inputs' channels: pixels, the raw positions, all sines by axis, all cosines; the queries' are the same without pixels.
    private PlaceFeature OfInput(int wave, int axis) => Shifted(OfQuery(wave, axis), PatchValues);

    private PlaceFeature OfQuery(int wave, int axis)
    {
        int sine = Axes + axis * PictureBands + Band(wave, axis);
        return new PlaceFeature(sine + Axes * PictureBands, sine);
    }

    private static PlaceFeature Shifted(PlaceFeature feature, int by) => new(feature.Cos + by, feature.Sin + by);

    private static void Require(bool holds, string need)
    {
        if (!holds)
            throw new ArgumentException($"{nameof(PerceiverInitialization.LocalVideo)} needs {need}.");
    }
}
