using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Makes the inputs of the image models from images: centre crop, resize, rescale, normalise, in this order (reference class
/// <c>transformers.PerceiverImageProcessor</c>, also under its old name <c>PerceiverFeatureExtractor</c>).
/// </summary>
/// <remarks>
/// Resizing gives exactly the bytes of Pillow. <see cref="ProcessFloat"/> takes images of floating-point numbers,
/// <see cref="ProcessTensor"/> batches of either kind. Several threads may use one instance.
/// </remarks>
public sealed partial class PerceiverImageProcessor
{
    private readonly ChannelTables _colour;
    private readonly ChannelTables? _grey;
    private readonly Lazy<ChannelTables> _unitColour;
    private readonly Lazy<ChannelTables> _unitGrey;

    /// <summary>Makes an image processor.</summary>
    /// <param name="options">
    /// Its settings; null for those of the published checkpoints: 224 x 224 pixels, bicubic, ImageNet's mean and deviation.
    /// </param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names its key.</exception>
    public PerceiverImageProcessor(PerceiverImageProcessorOptions? options = null)
    {
        Options = options ?? new PerceiverImageProcessorOptions();
        Options.Validate();
        _colour = new ChannelTables(Options, 3);
        bool colourOnly = Options.DoNormalize && (Options.ImageMean.Count > 1 || Options.ImageStd.Count > 1);
        _grey = Options.DoConvertRgb || colourOnly ? null : new ChannelTables(Options, 1);
        _unitColour = new(() => new ChannelTables(Options, 3, isUnit: true));
        _unitGrey = new(() => new ChannelTables(Options, 1, isUnit: true));
    }

    /// <summary>The image processor of the published checkpoints.</summary>
    public static PerceiverImageProcessor Default { get; } = new();

    /// <summary>The settings.</summary>
    public PerceiverImageProcessorOptions Options { get; }

    /// <summary>Reads the image processor of a checkpoint's folder, from its <c>preprocessor_config.json</c>.</summary>
    /// <param name="directory">The folder.</param>
    /// <returns>The image processor.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">There is no such file in it.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static PerceiverImageProcessor FromDirectory(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no image processor folder '{directory}'.");
        string file = Path.Combine(directory, PerceiverImageProcessorOptions.FileName);
        return new PerceiverImageProcessor(PerceiverImageProcessorOptions.FromFile(file));
    }

    /// <summary>
    /// Writes <c>preprocessor_config.json</c>, which <see cref="FromDirectory"/> and Hugging Face's <c>AutoImageProcessor</c> read.
    /// </summary>
    /// <param name="directory">The folder; it is made where it is missing.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void SavePretrained(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        AtomicFile.WriteText(Path.Combine(directory, PerceiverImageProcessorOptions.FileName), Options.ToJson());
    }

    /// <summary>As <see cref="SavePretrained"/>, which has the reference's name.</summary>
    /// <inheritdoc cref="SavePretrained"/>
    public void SaveTo(string directory) => SavePretrained(directory);

    /// <summary>The shape of the result for an image of this shape.</summary>
    /// <param name="height">The image's height in pixels.</param>
    /// <param name="width">The image's width in pixels.</param>
    /// <param name="channels">The image's channels: 1, 3 or 4.</param>
    /// <returns>Channels, height and width of the processed image.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the number of channels is not 1, 3 or 4.</exception>
    /// <exception cref="ArgumentException">The settings do not fit such an image, or the result would be too large.</exception>
    public (int Channels, int Height, int Width) OutputShape(int height, int width, int channels = 3)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        if (channels is not (1 or 3 or 4))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, $"An image has 1, 3 or 4 channels, not {channels}.");
        var tables = Tables(channels);
        var crop = CropWindow.Of(Options, height, width);
        var size = Options.DoResize ? Options.Size : new PerceiverImageSize(crop.Height, crop.Width);
        long values = (long)size.Height * size.Width * tables.Channels;
        if (values > MaxValues)
        {
            throw new ArgumentException(
                $"A result of {size} pixels and {tables.Channels} channels has {values} values; {MaxValues} are allowed.");
        }

        return (tables.Channels, size.Height, size.Width);
    }

    /// <summary>Processes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="options">The settings of this call; null for <see cref="Options"/>.</param>
    /// <param name="layout">The layout of the result.</param>
    /// <returns>float32 <c>[1, channels, height, width]</c> or <c>[1, height, width, channels]</c> on the CPU.</returns>
    /// <exception cref="ArgumentException">
    /// A setting is out of range or does not fit the image, or the result would be too large.
    /// </exception>
    public Tensor Process(
        PerceiverImage image,
        PerceiverImageProcessorOptions? options = null,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ProcessBatch([image], options, layout);
    }

    /// <summary>Processes images, which may differ in size if their results do not.</summary>
    /// <param name="images">At least one image.</param>
    /// <param name="options">The settings of this call; null for <see cref="Options"/>.</param>
    /// <param name="layout">The layout of the result.</param>
    /// <returns>float32 <c>[batch, channels, height, width]</c> or <c>[batch, height, width, channels]</c> on the CPU.</returns>
    /// <exception cref="ArgumentException">
    /// There is no image, two results differ in shape, a setting is out of range or does not fit an image, or the result would be too
    /// large; the message gives the index of the image.
    /// </exception>
    public Tensor ProcessBatch(
        IReadOnlyList<PerceiverImage> images,
        PerceiverImageProcessorOptions? options = null,
        PerceiverImageLayout layout = PerceiverImageLayout.ChannelsFirst)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Batch(images, options, layout);
    }

    /// <summary>
    /// Processes an image without tensors. After the first calls only <see cref="PerceiverResampling.Nearest"/> allocates memory.
    /// </summary>
    /// <param name="image">The image.</param>
    /// <param name="destination">
    /// Receives the result, <c>[channels, height, width]</c>, of the shape that <see cref="OutputShape(int, int, int)"/> gives.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The destination has another length, the settings do not fit the image, or the result would be too large.
    /// </exception>
    public void ProcessTo(PerceiverImage image, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        Fill(image, destination);
    }

    /// <summary>As <see cref="ProcessTo(PerceiverImage, Span{float})"/>, into an array of its own.</summary>
    internal (float[] Values, int Channels, int Height, int Width) ProcessToArray(IPixelImage image)
    {
        var (channels, height, width) = OutputShape(image.Height, image.Width, image.Channels);
        float[] values = new float[channels * height * width];
        Fill(image, values);
        return (values, channels, height, width);
    }

    private ChannelTables Tables(int channels)
    {
        if (Options.DoConvertRgb || channels == 3)
            return _colour;
        if (channels == 4)
            throw new ArgumentException("The image has an alpha channel, which do_convert_rgb = false does not allow.");
        ImageOptionChecks.CheckChannels(Options, 1);
        return _grey!;
    }
}
