using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Microsoft.ML.Perceiver;

/// <summary>What every stage that reads pictures keeps in a model file.</summary>
internal abstract record ImageStageSettings : StageSettings
{
    [JsonConstructor]
    protected ImageStageSettings()
    {
    }

    [SetsRequiredMembers]
    protected ImageStageSettings(PerceiverImageOptions options, PerceiverImageProcessorOptions processor) : base(options)
    {
        ImageColumnName = options.ImageColumnName;
        PixelHeight = options.PixelHeight;
        PixelWidth = options.PixelWidth;
        PixelLayout = options.PixelLayout;
        InterpolatePositions = options.InterpolatePositions;
        ImageProcessor = processor.ToJson();
    }

    public required string ImageColumnName { get; init; }

    public int? PixelHeight { get; init; }

    public int? PixelWidth { get; init; }

    public PerceiverImageLayout PixelLayout { get; init; }

    public bool InterpolatePositions { get; init; }

    /// <summary>The text of its <c>preprocessor_config.json</c>.</summary>
    public required string ImageProcessor { get; init; }

    internal ImageReader CreateReader() => new(ImageColumnName, PixelHeight, PixelWidth, PixelLayout);
}
