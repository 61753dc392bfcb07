namespace Microsoft.ML.Perceiver;

/// <summary>Whether a graph can take images as they are.</summary>
internal static class RawImageChecks
{
    private const string Option = nameof(PerceiverOnnxOptions.RawImages);

    /// <summary>Refuses models that read no images, and settings that a graph does not have.</summary>
    /// <param name="model">The model.</param>
    /// <param name="processor">The settings of the image processor before it; null where there is none.</param>
    /// <param name="size">The size that the options name; null where they name none.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentException">The message names what is refused.</exception>
    internal static PerceiverImageProcessorOptions Check(
        PerceiverPreTrainedModel model, PerceiverImageProcessorOptions? processor, PerceiverImageSize? size)
    {
        bool readsImage = model is PerceiverForImageClassification or PerceiverForObjectDetection or PerceiverModel { TakesImages: true };
        if (!readsImage || processor is null)
            throw new ArgumentException($"{Option} is for models that read one colour image, not {model.GetType().Name}.");
        ImageOptionChecks.Check(processor);
        if (processor is { DoResize: false, DoCenterCrop: true })
        {
            throw new ArgumentException(
                $"The image processor crops images and does not resize them (do_center_crop = true, do_resize = false), which {Option} "
                + "does not do; export without it, from pixels that are cropped beforehand.");
        }

        if (processor.DoResize && size is { } named && named != processor.Size)
        {
            throw new ArgumentException(
                $"{Option} resizes images to the image processor's size of {processor.Size}; "
                + $"{nameof(PerceiverOnnxOptions.ImageSize)} is {named}.");
        }

        return processor;
    }
}
