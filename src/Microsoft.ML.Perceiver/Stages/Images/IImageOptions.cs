using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>How a head reads images.</summary>
internal interface IImageOptions
{
    string ImageColumnName { get; }

    PerceiverImageProcessorOptions? ImageProcessor { get; }

    int? PixelHeight { get; }

    int? PixelWidth { get; }

    PerceiverImageLayout PixelLayout { get; }

    PerceiverPixelRange PixelRange { get; }

    bool InterpolatePositions { get; }

    /// <summary>What reads the images of a row.</summary>
    ImageReader CreateReader() => new(ImageColumnName, PixelHeight, PixelWidth, PixelLayout, PixelRange);

    /// <summary>Checks what the attributes of single settings cannot say.</summary>
    /// <exception cref="ArgumentException">One is out of its range, or does not go with another.</exception>
    void CheckTogether()
    {
        ImageProcessor?.Validate();
        PixelShape.CheckTogether(PixelHeight, PixelWidth);
    }

    /// <summary>The image processor for a model.</summary>
    /// <param name="checkpoint">The model's weights.</param>
    /// <param name="config">Its configuration, with its architecture.</param>
    /// <exception cref="ArgumentException">Its images do not have the size that learnt positions were made for.</exception>
    PerceiverImageProcessorOptions ProcessorFor(PerceiverCheckpoint checkpoint, PerceiverConfig config)
    {
        var processor = ImageProcessor ?? checkpoint.ImageProcessor ?? PerceiverImageProcessorOptions.OfSize(checkpoint.Config.ImageSize);
        RequireSize(processor, config, config.Architectures is [var first, ..] ? first : null);
        return processor;
    }

    /// <summary>
    /// What rescales and normalises training examples, which are bytes: also those of numbers from 0 to 1, which a processor that does not
    /// rescale takes as they are.
    /// </summary>
    /// <param name="processor">The image processor.</param>
    /// <param name="type">The type of the column of images.</param>
    PerceiverImageProcessorOptions ForExamples(PerceiverImageProcessorOptions processor, DataViewType type)
    {
        bool isUnit = PixelRange == PerceiverPixelRange.ZeroToOne && type is VectorDataViewType { ItemType: NumberDataViewType item }
            && item == NumberDataViewType.Single;
        return isUnit && !processor.DoRescale ? processor with { DoRescale = true, RescaleFactor = 1.0 / byte.MaxValue } : processor;
    }

    /// <summary>Checks that an image processor makes images of the size that learnt positions were made for.</summary>
    /// <param name="processor">The image processor.</param>
    /// <param name="config">The model's configuration.</param>
    /// <param name="architecture">The head's class.</param>
    /// <exception cref="ArgumentException">It makes others, and positions are not interpolated.</exception>
    void RequireSize(PerceiverImageProcessorOptions processor, PerceiverConfig config, string? architecture)
    {
        bool isLearned = architecture == nameof(PerceiverForImageClassificationLearned);
        if (!isLearned || InterpolatePositions || !processor.DoResize || processor.Size == new PerceiverImageSize(config.ImageSize))
            return;
        throw new ArgumentException(
            $"The image processor makes images of {processor.Size} pixels; the model was made for "
            + $"{config.ImageSize} x {config.ImageSize} (image_size). Set the processor's Size, or InterpolatePositions.");
    }
}
