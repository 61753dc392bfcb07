using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of a <see cref="PerceiverImageProcessor"/>, read from and written to <c>preprocessor_config.json</c>; also the older files of
/// the reference's <c>PerceiverFeatureExtractor</c>. Unknown keys are kept and written back.
/// </summary>
/// <remarks>Reference class: <c>transformers.PerceiverImageProcessor</c>, with its defaults.</remarks>
public sealed record PerceiverImageProcessorOptions
{
    /// <summary>The file's name in a checkpoint's folder.</summary>
    internal const string FileName = "preprocessor_config.json";

    /// <summary>
    /// Whether the image is cropped to its centre: on each axis to <see cref="Size"/> / <see cref="CropSize"/> of its shorter side.
    /// </summary>
    [JsonPropertyName("do_center_crop")]
    public bool DoCenterCrop { get; init; } = true;

    /// <summary>
    /// The divisor of <see cref="Size"/> that gives the crop's share of the shorter side; it is not the size of an image.
    /// </summary>
    [JsonPropertyName("crop_size")]
    public PerceiverImageSize CropSize { get; init; } = new(256);

    /// <summary>Whether the crop is resized to <see cref="Size"/>.</summary>
    [JsonPropertyName("do_resize")]
    public bool DoResize { get; init; } = true;

    /// <summary>The size of the result in pixels.</summary>
    [JsonPropertyName("size")]
    public PerceiverImageSize Size { get; init; } = new(224);

    /// <summary>The resampling filter.</summary>
    [JsonPropertyName("resample")]
    public PerceiverResampling Resample { get; init; } = PerceiverResampling.Bicubic;

    /// <summary>Whether the bytes are multiplied by <see cref="RescaleFactor"/>.</summary>
    [JsonPropertyName("do_rescale")]
    public bool DoRescale { get; init; } = true;

    /// <summary>The factor that bytes are multiplied by.</summary>
    [JsonPropertyName("rescale_factor")]
    public double RescaleFactor { get; init; } = 1 / 255.0;

    /// <summary>Whether <see cref="ImageMean"/> is subtracted and the difference divided by <see cref="ImageStd"/>.</summary>
    [JsonPropertyName("do_normalize")]
    public bool DoNormalize { get; init; } = true;

    /// <summary>The mean of each channel, in the order red, green, blue; or one for all channels. By default those of ImageNet.</summary>
    [JsonPropertyName("image_mean")]
    [JsonConverter(typeof(ChannelValuesJson))]
    public IReadOnlyList<double> ImageMean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>The standard deviation of each channel, or one for all channels. By default those of ImageNet.</summary>
    [JsonPropertyName("image_std")]
    [JsonConverter(typeof(ChannelValuesJson))]
    public IReadOnlyList<double> ImageStd { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>
    /// Whether every result has three channels: grey is repeated and alpha dropped. If false, a grey image gives one channel, as in the
    /// reference, and an image with alpha is refused. Only the value false is written to the file; the reference has no such key.
    /// </summary>
    [JsonIgnore]
    public bool DoConvertRgb { get; init; } = true;

    /// <summary>The reference class the file belongs to.</summary>
    [JsonPropertyName("image_processor_type")]
    public string ImageProcessorType { get; init; } = "PerceiverImageProcessor";

    /// <summary>Keys of the file that have no property here, kept as they were.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> OtherKeys { get; init; } = [];

    /// <summary>Checks that images can be processed with these settings.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message names the key.</exception>
    public void Validate() => ImageOptionChecks.Check(this);

    /// <summary>
    /// Reads settings from the text of a <c>preprocessor_config.json</c>; keys that are missing take their defaults. Of keys that are null,
    /// those of steps are false and <c>resample</c> is bilinear, as the reference takes them; the others take their defaults.
    /// </summary>
    /// <param name="json">The file's text.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="FormatException">The text is no such configuration.</exception>
    public static PerceiverImageProcessorOptions FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return ImageOptionsJson.Parse(json, FileName);
    }

    /// <summary>Reads a <c>preprocessor_config.json</c>.</summary>
    /// <param name="path">The file, or its folder.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static PerceiverImageProcessorOptions FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string file = Directory.Exists(path) ? Path.Combine(path, FileName) : path;
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no image processor configuration at '{file}'.", file);
        return ImageOptionsJson.Parse(SmallFile.ReadText(file), file);
    }

    /// <summary>The settings of a model without a file: the middle square of an image at a size, and the other defaults.</summary>
    /// <param name="side">Height and width of the result in pixels.</param>
    internal static PerceiverImageProcessorOptions OfSize(int side) => new() { CropSize = new(side), Size = new(side) };

    /// <summary>The text of a <c>preprocessor_config.json</c> that the reference's <c>from_pretrained</c> reads.</summary>
    /// <returns>JSON, indented.</returns>
    public string ToJson() => ImageOptionsJson.Write(this);
}
