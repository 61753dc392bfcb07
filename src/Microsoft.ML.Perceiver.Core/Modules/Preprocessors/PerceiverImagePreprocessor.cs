using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Turns images, or frames of a video, into vectors with positions (reference class <c>PerceiverImagePreprocessor</c>; keys <c>convnet</c>,
/// <c>convnet_1x1</c>, <c>conv_after_patches</c>, <c>position_embeddings</c> and <c>positions_projection</c>).
/// </summary>
public sealed partial class PerceiverImagePreprocessor : PerceiverPreprocessor
{
    [ComponentName(Name = "convnet")] private readonly ConvDownsample? _convolution;
    [ComponentName(Name = "convnet_1x1")] private readonly PerceiverConv2d? _pixelwise;
    [ComponentName(Name = "position_embeddings")] private readonly TrainablePositionEncoding? _trainable;
    [ComponentName(Name = "positions_projection")] private readonly PerceiverLinear? _projection;
    [ComponentName(Name = "conv_after_patches")] private readonly PerceiverLinear? _afterPatches;
    private readonly PerceiverImagePreprocessorOptions _options;
    private readonly PositionEncoder _positions;

    /// <summary>Makes a preprocessor.</summary>
    /// <param name="options">Its settings.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">Settings are out of range or do not fit each other.</exception>
    public PerceiverImagePreprocessor(PerceiverImagePreprocessorOptions options) : base(nameof(PerceiverImagePreprocessor))
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(options);
        _options = options;
        switch (options.PrepType)
        {
            case PerceiverImagePrepType.Conv:
                _convolution = new ConvDownsample(options.InChannels, options.OutChannels, options.UseBatchNorm);
                break;
            case PerceiverImagePrepType.Conv1x1:
                _pixelwise = new PerceiverConv2d(options.InChannels, options.OutChannels, kernel: 1, stride: options.SpatialDownsample);
                break;
        }

        _positions = new PositionEncoder(options.PositionEncoding with { OutChannels = options.OutChannels });
        (_trainable, _projection) = (_positions.Trainable, _positions.Projection);
        if (options.LinearAfterPatching)
            _afterPatches = new PerceiverLinear(options.LinearAfterPatchingInChannels, options.OutChannels);
        NumChannels = _positions.Channels + (options.PositionCombination == PerceiverPositionCombination.Add ? 0 : InputChannels(options));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override int NumChannels { get; }

    /// <summary>
    /// Whether images of another size than the trainable positions are accepted: the positions are then resized by bicubic interpolation
    /// (the reference's <c>interpolate_pos_encoding</c>). False refuses such images.
    /// </summary>
    public bool InterpolatePositions { get; set; }

    /// <summary>Whether it takes what an image processor makes, not frames or pixels of other channels.</summary>
    internal bool ReadsColourImages => _options.PrepType != PerceiverImagePrepType.Patches && _options.InChannels == 3;

    /// <summary>Turns images into vectors.</summary>
    /// <param name="inputs">
    /// Floats, [batch, channels, height, width], or [batch, frames, channels, height, width] for
    /// <see cref="PerceiverImagePrepType.Patches"/> and <see cref="PerceiverImagePrepType.Pixels"/>.
    /// </param>
    /// <returns>[batch, positions, <see cref="NumChannels"/>], and the same without positions.</returns>
    /// <exception cref="ArgumentException">The images have another shape or type, or do not fit the positions.</exception>
    public override PerceiverPreprocessedInputs forward(PerceiverInputs inputs)
    {
        var pixels = inputs.Tensor;
        CheckPixels(pixels);
        using var scope = NewDisposeScope();
        var grid = Grid(pixels);
        long[] extents = grid.shape[1..^1];
        var vectors = grid.reshape(grid.shape[0], -1, grid.shape[^1]);
        var positions = Positions(extents, vectors);
        var result = PositionEncoder.Combine(vectors, positions, _options.PositionCombination);
        return new PerceiverPreprocessedInputs(result.MoveToOuterDisposeScope(), vectors.MoveToOuterDisposeScope());
    }

    /// <summary>The vectors of images without their positions, [batch, positions, channels].</summary>
    internal Tensor Vectors(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Grid(pixels).flatten(1, -2).MoveToOuterDisposeScope();
    }

    /// <summary>The places from top to bottom and from left to right of what the heads of image classification make of images.</summary>
    /// <param name="options">The settings of the head's preprocessor.</param>
    /// <param name="height">The images' height in pixels.</param>
    /// <param name="width">Their width.</param>
    internal static (int Rows, int Columns) PlacesOf(PerceiverImagePreprocessorOptions options, int height, int width) =>
        options.PrepType switch
        {
            PerceiverImagePrepType.Conv => (ConvDownsample.OutputSide(height), ConvDownsample.OutputSide(width)),
            PerceiverImagePrepType.Conv1x1 => (Sampled(height, options.SpatialDownsample), Sampled(width, options.SpatialDownsample)),
            _ => (height, width),
        };

    private static int Sampled(int side, int every) => (side + every - 1) / every;

    /// <summary>The pixels of images of a size with Fourier positions that follow their vectors.</summary>
    internal PixelGrid GridOf(long height, long width)
    {
        using var scope = NewDisposeScope();
        var (features, rest) = _positions.AxisFeatures([height, width], withEndPoints: true);
        return new PixelGrid(features, rest, NumChannels - rest.shape[0], height, width);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _positions.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The image's vectors as a grid, the channels last.</summary>
    private Tensor Grid(Tensor pixels)
    {
        int every = _options.SpatialDownsample;
        switch (_options.PrepType)
        {
            case PerceiverImagePrepType.Patches:
                var patches = SpaceToDepth.Apply(pixels, every, _options.TemporalDownsample);
                // Two frames that were joined into one are an image.
                if (patches.dim() == 5 && patches.shape[1] == 1)
                    patches = patches.squeeze(1);
                if (_afterPatches is null)
                    return patches;
                if (patches.shape[^1] != _options.LinearAfterPatchingInChannels)
                {
                    throw new ArgumentException(
                        $"The patches are {patches.shape[^1]} wide; the map after them takes {_options.LinearAfterPatchingInChannels}.",
                        nameof(pixels));
                }

                return _afterPatches.forward(patches);
            case PerceiverImagePrepType.Pixels when pixels.dim() == 5:
                var (space, time) = (TensorIndex.Slice(step: every), TensorIndex.Slice(step: _options.TemporalDownsample));
                return pixels[TensorIndex.Colon, time, TensorIndex.Colon, space, space].permute(0, 1, 3, 4, 2);
            case PerceiverImagePrepType.Pixels:
                // As in the reference, which takes every n-th entry of the batch and the channels of an image, not of its height and width.
                return pixels[TensorIndex.Slice(step: every), TensorIndex.Slice(step: every)].permute(0, 2, 3, 1);
            default:
                return (_convolution?.forward(pixels) ?? _pixelwise!.forward(pixels)).permute(0, 2, 3, 1);
        }
    }

    private Tensor Positions(long[] extents, Tensor vectors)
    {
        long count = vectors.shape[1];
        if (_trainable is null || _trainable.Positions == count)
            return _positions.Grid(extents, vectors.dtype, vectors.device);
        if (InterpolatePositions && extents.Length == 2)
            return _positions.Interpolated(extents[0], extents[1]);
        throw new ArgumentException(
            $"The input has {count} positions ({string.Join(" x ", extents)}); the trained ones are {_trainable.Positions}. "
            + "Resize the input"
            + (extents.Length == 2 ? $", or set {nameof(InterpolatePositions)}." : "."));
    }

    private void CheckPixels(Tensor pixels)
    {
        bool takesVideo = _options.PrepType is PerceiverImagePrepType.Patches or PerceiverImagePrepType.Pixels;
        bool video = takesVideo && pixels.dim() == 5;
        // Patches of two frames may be wider than the channels say; the map after them checks its own width.
        bool channels = video || pixels.dim() != 4 || _options.LinearAfterPatching || pixels.shape[1] == _options.InChannels;
        if ((pixels.dim() != 4 && !video) || !channels)
        {
            throw new ArgumentException(
                $"The images have the shape [{string.Join(", ", pixels.shape)}]; "
                + $"this preprocessor takes [batch, {_options.InChannels}, height, width]"
                + (takesVideo ? $" or [batch, frames, {_options.InChannels}, height, width]." : "."),
                nameof(pixels));
        }

        if (!pixels.is_floating_point())
            throw new ArgumentException($"The images are of type {pixels.dtype}; they need to be floats.", nameof(pixels));
        if (_convolution is not null && Math.Min(pixels.shape[2], pixels.shape[3]) < ConvDownsample.SmallestSide)
        {
            throw new ArgumentException(
                $"The images are {pixels.shape[2]} x {pixels.shape[3]}; "
                + $"the convolution needs {ConvDownsample.SmallestSide} pixels a side at least.",
                nameof(pixels));
        }
    }

    // The reference's num_channels, which need not be the width of the vectors.
    private int InputChannels(PerceiverImagePreprocessorOptions o)
    {
        bool temporal = _positions.Axes > 2;
        if (o.LinearAfterPatching || o.PrepType is PerceiverImagePrepType.Conv or PerceiverImagePrepType.Conv1x1)
            return o.OutChannels;
        if (o.PrepType == PerceiverImagePrepType.Pixels)
            return temporal ? o.InChannels : (o.InChannels + o.SpatialDownsample - 1) / o.SpatialDownsample;
        return o.InChannels * o.SpatialDownsample * o.SpatialDownsample * (temporal ? o.TemporalDownsample : 1);
    }

    private static void Check(PerceiverImagePreprocessorOptions o)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.InChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.OutChannels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.SpatialDownsample);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.TemporalDownsample);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(o.LinearAfterPatchingInChannels);
        if (!Enum.IsDefined(o.PrepType))
            throw new ArgumentException($"{o.PrepType} is no way of preparing images.", nameof(o));
        if (!Enum.IsDefined(o.PositionCombination))
            throw new ArgumentException($"{o.PositionCombination} is no way of combining positions.", nameof(o));
        if (o.PositionEncoding is null or { Kind: PerceiverPositionEncodingKind.None })
            throw new ArgumentException("Images need positions, trainable or Fourier ones.", nameof(o));
        if (o.PrepType is PerceiverImagePrepType.Conv or PerceiverImagePrepType.Conv1x1 && o.TemporalDownsample != 1)
        {
            throw new ArgumentException(
                $"A convolution joins no frames; the temporal downsampling is {o.TemporalDownsample} and must be 1.", nameof(o));
        }

        if (o.PrepType == PerceiverImagePrepType.Conv && !IsPowerOfFour(o.SpatialDownsample))
        {
            throw new ArgumentException(
                $"The spatial downsampling of a convolution is {o.SpatialDownsample}; it must be a power of 4.", nameof(o));
        }

        if (o.LinearAfterPatching && o.PrepType != PerceiverImagePrepType.Patches)
            throw new ArgumentException("Only patches have an affine map after them.", nameof(o));
    }

    private static bool IsPowerOfFour(int value) => (value & (value - 1)) == 0 && (value & 0x55555555) != 0;
}
