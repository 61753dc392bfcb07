namespace Microsoft.ML.Perceiver;

/// <summary>Writes the models of ML.NET's transformers as ONNX files.</summary>
public static class PerceiverOnnxTransformers
{
    /// <summary>
    /// Writes the model of a transformer as <see cref="PerceiverOnnx.Export"/> does. The file begins where the model does: texts as the
    /// tokenizer's ids, or as they are (<see cref="PerceiverOnnxOptions.RawText"/>, up to the stage's longest), images as normalised
    /// pixels, of the size that the stage resizes them to, or as they are (<see cref="PerceiverOnnxOptions.RawImages"/>). Attentions are
    /// not exported: a stage that writes a column of them gives the file that it gives without.
    /// </summary>
    /// <param name="transformer">The transformer of a Perceiver, or a chain with one.</param>
    /// <param name="path">The file; its folder is made where it is missing.</param>
    /// <param name="options">The form of the graph; null for the defaults.</param>
    /// <returns>The files that were written.</returns>
    /// <exception cref="ArgumentException">
    /// The transformer has no stage of a Perceiver, or several, or the options do not fit each other or the model, or a stage that
    /// reads pairs of texts is to take raw text.
    /// </exception>
    /// <exception cref="NotSupportedException">As for <see cref="PerceiverOnnx.Export"/>.</exception>
    /// <exception cref="IOException">A file cannot be written. Files that are there already stay as they are.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    /// <exception cref="ObjectDisposedException">The transformer was disposed.</exception>
    public static IReadOnlyList<string> SaveAsOnnx(this ITransformer transformer, string path, PerceiverOnnxOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        var form = options ?? new PerceiverOnnxOptions();
        var stage = PerceiverModelCheckpoint.StageOf(transformer, "the transformer", nameof(transformer));
        return stage.WithModel((model, inputs) =>
        {
            // Other stages that read two texts give each to the model by itself.
            if (form.RawText && model is PerceiverForSequenceClassification && stage.InputCount > 1)
            {
                throw new ArgumentException(
                    $"The stage reads pairs of texts; the graph of {nameof(PerceiverOnnxOptions.RawText)} takes one text.",
                    nameof(options));
            }

            return PerceiverOnnx.Export(model, path, form.ForImagesOf(model, inputs).ForTextsOf(inputs));
        });
    }

    private static PerceiverOnnxOptions ForTextsOf(this PerceiverOnnxOptions options, ModelInputs inputs) =>
        options with { TextLength = inputs.Tokenizer?.ModelMaxLength };

    private static PerceiverOnnxOptions ForImagesOf(this PerceiverOnnxOptions options, PerceiverPreTrainedModel model, ModelInputs inputs)
    {
        options = options with { ImageProcessor = inputs.ImageProcessor };
        bool isResized = PerceiverOnnxOptions.TakesImageSize(model) && inputs.ImageProcessor is { DoResize: true };
        return isResized && options.ImageSize is null ? options with { ImageSize = inputs.ImageProcessor!.Size } : options;
    }
}
