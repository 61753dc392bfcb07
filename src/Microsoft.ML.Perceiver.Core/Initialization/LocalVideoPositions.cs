namespace Microsoft.ML.Perceiver;

/// <summary>
/// Where the latents, inputs and queries of an autoencoder of video with audio hold their positions. Latents of the video are anchored on a
/// grid over time, height and width; each has the cosines and sines of some waves along each axis, then the raw positions. Each patch of
/// audio has a latent, with a channel of its own after those. Positions go from -1 to 1 along each axis.
/// </summary>
internal sealed class LocalVideoPositions
{
    /// <summary>Time, height and width.</summary>
    internal const int Axes = 3;

    /// <summary>Values of a patch of pixels.</summary>
    internal const int PatchValues = 48;

    /// <summary>Fourier bands of an axis of the video, and of the audio.</summary>
    internal const int VideoBands = 32, AudioBands = 192;

    /// <summary>Channels of a video latent's waves, and of all of its position.</summary>
    internal const int WaveChannels = 2 * Axes * WaveCount, VideoChannels = WaveChannels + Axes;

    /// <summary>Waves along an axis of the video.</summary>
    internal const int WaveCount = 4;

    // Periods of a wave along an axis of the video.
    private static readonly double[] Waves = [1, 2, 3, 5];

    private readonly int[] _extents;

    // The finest wave that the Fourier positions have along each axis: half the frames, half the pixels.
    private readonly double[] _finest;
    private readonly int[] _grid;

    internal LocalVideoPositions(PerceiverConfig config, PerceiverMultimodalExtents extents)
    {
        AudioPoints = extents.AudioPoints;
        VideoLatents = config.NumLatents - extents.AudioPoints;
        _extents = [extents.Frames, extents.Height, extents.Width];
        _finest = [config.NumFrames / 2.0, config.ImageSize / 2.0, config.ImageSize / 2.0];
        _grid = Grid(VideoLatents, extents);
    }

    /// <summary>Patches of audio.</summary>
    internal int AudioPoints { get; }

    /// <summary>Latents of the video; those of the audio follow.</summary>
    internal int VideoLatents { get; }

    /// <summary>The duration of an anchor's cell.</summary>
    internal double CellDuration => 2.0 / _grid[0];

    /// <summary>The numbers of anchors along time, height and width whose cells are nearest to four frames long and square.</summary>
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

    /// <summary>The position of a video latent's anchor along an axis.</summary>
    internal double AnchorOf(int latent, int axis)
    {
        int cell = axis switch
        {
            0 => latent / (_grid[1] * _grid[2]),
            1 => latent / _grid[2] % _grid[1],
            _ => latent % _grid[2],
        };
        return -1 + 2 * (cell + 0.5) / _grid[axis] - 1.0 / _extents[axis];
    }

    /// <summary>Radians of a wave for each unit of a position.</summary>
    internal double Frequency(int wave, int axis) => Math.PI * (1 + Band(wave, axis) * (_finest[axis] - 1) / (VideoBands - 1));

    /// <summary>The channels of a wave in the video latents.</summary>
    internal static PositionFeature OfLatent(int wave, int axis) => new(2 * (wave * Axes + axis), 2 * (wave * Axes + axis) + 1);

    /// <summary>The channels of a wave in the video inputs: pixels, the raw positions, all sines by axis, all cosines by axis.</summary>
    internal PositionFeature OfInput(int wave, int axis)
    {
        var feature = OfQuery(wave, axis);
        return new PositionFeature(feature.Cos + PatchValues, feature.Sin + PatchValues);
    }

    /// <summary>The channels of a wave in the video queries: as in the inputs, without pixels.</summary>
    internal PositionFeature OfQuery(int wave, int axis)
    {
        int sine = Axes + axis * VideoBands + Band(wave, axis);
        return new PositionFeature(sine + Axes * VideoBands, sine);
    }

    // The Fourier band that is nearest to a wave.
    private int Band(int wave, int axis)
    {
        double nearest = Math.Round((Waves[wave] - 1) * (VideoBands - 1) / Math.Max(1, _finest[axis] - 1));
        return (int)Math.Clamp(nearest, 0, VideoBands - 1);
    }
}
