using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How a model that reads images runs.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal sealed class ImageRunner<TModel> : ModelRunner<TModel>
    where TModel : PerceiverPreTrainedModel
{
    private readonly long _pixelBudget;

    /// <param name="model">The model, on its device and in its precision.</param>
    /// <param name="perceiver">The part of it that reads images.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="processor">The text of its <c>preprocessor_config.json</c>.</param>
    /// <param name="interpolatePositions">As <see cref="PerceiverImageOptions.InterpolatePositions"/>.</param>
    internal ImageRunner(TModel model, PerceiverModel perceiver, PerceiverOptions options, string processor, bool interpolatePositions)
        : base(model, options)
    {
        var preprocessor = (PerceiverImagePreprocessor)perceiver.InputPreprocessor!;
        preprocessor.InterpolatePositions = interpolatePositions;
        Processor = new PerceiverImageProcessor(PerceiverImageProcessorOptions.FromJson(processor));
        _pixelBudget = InputBudget.Of(model.Config, preprocessor.NumChannels, options.MaxMemoryBytes);
    }

    internal PerceiverImageProcessor Processor { get; }

    internal override ModelInputs ModelInputs => new(ImageProcessor: Processor.Options);

    /// <summary>Rows that a data view reads ahead.</summary>
    internal int WindowSize => BatchSize;

    /// <summary>Runs images through the model, those of one shape together: a row of the result for each, in the images' order.</summary>
    /// <param name="window">The images.</param>
    /// <param name="forward">Images, [batch, channels, height, width], to a result [batch, ...].</param>
    internal float[][] Infer(IReadOnlyList<ImageInput> window, Func<Tensor, Tensor> forward)
    {
        float[][] results = new float[window.Count][];
        foreach (var alike in Enumerable.Range(0, window.Count).GroupBy(i => (window[i].Channels, window[i].Height, window[i].Width)))
        {
            var (channels, height, width) = alike.Key;
            long fitting = Math.Max(1, _pixelBudget / ((long)height * width));
            foreach (int[] batch in alike.Chunk((int)Math.Min(BatchSize, fitting)))
            {
                float[][] rows = Infer(() => forward(Pixels(window, batch, channels, height, width)));
                for (int i = 0; i < batch.Length; i++)
                    results[batch[i]] = rows[i];
            }
        }

        return results;
    }

    private Tensor Pixels(IReadOnlyList<ImageInput> window, int[] batch, int channels, int height, int width)
    {
        float[] values = new float[batch.Length * channels * height * width];
        for (int i = 0; i < batch.Length; i++)
            window[batch[i]].Values.CopyTo(values, i * channels * height * width);
        return tensor(values, [batch.Length, channels, height, width]).to(Precision.ToScalarType(), Device);
    }
}

/// <summary>An image as the model reads it.</summary>
/// <param name="Values">Normalised values, channels x height x width.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Height">Its height in pixels.</param>
/// <param name="Width">Its width in pixels.</param>
internal sealed record ImageInput(float[] Values, int Channels, int Height, int Width)
{
    /// <summary>Processes an image.</summary>
    internal static ImageInput Of(IPixelImage image, PerceiverImageProcessor processor)
    {
        var (values, channels, height, width) = processor.ProcessToArray(image);
        return new ImageInput(values, channels, height, width);
    }
}
