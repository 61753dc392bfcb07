using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded model that reads pictures.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal sealed class ImageRunner<TModel> : ModelRunner<TModel>
    where TModel : PerceiverPreTrainedModel
{
    private readonly long _pixelBudget;

    /// <inheritdoc cref="ModelRunner{TModel}(IHostEnvironment, TModel, StageSettings, string?)"/>
    /// <param name="environment">The context's environment.</param>
    /// <param name="model">The model, which becomes this object's.</param>
    /// <param name="perceiver">The part of it that reads pictures.</param>
    /// <param name="settings">How it runs.</param>
    /// <param name="device">Where it runs.</param>
    internal ImageRunner(IHostEnvironment environment, TModel model, PerceiverModel perceiver, ImageStageSettings settings, string? device)
        : base(environment, model, settings, device)
    {
        var preprocessor = (PerceiverImagePreprocessor)perceiver.InputPreprocessor!;
        preprocessor.InterpolatePositions = settings.InterpolatePositions;
        Processor = OrDispose(() => new PerceiverImageProcessor(PerceiverImageProcessorOptions.FromJson(settings.ImageProcessor)));
        _pixelBudget = InputBudget.Of(model.Config, preprocessor.NumChannels, settings.MaxMemoryBytes);
    }

    internal PerceiverImageProcessor Processor { get; }

    /// <summary>Rows that a data view reads ahead.</summary>
    internal int WindowSize => BatchSize;

    /// <summary>Writes the model and the image processor.</summary>
    internal void SavePretrained(string directory, PerceiverPrecision precision)
    {
        Model.SavePretrained(directory, precision);
        Processor.SaveTo(directory);
    }

    /// <summary>Runs pictures through the model, those of one shape together; results come in the pictures' order.</summary>
    /// <param name="window">The pictures.</param>
    /// <param name="score">Scores pictures, [batch, channels, height, width]: a result for each.</param>
    internal TResult[] Run<TResult>(IReadOnlyList<ImageInput> window, Func<Tensor, IReadOnlyList<TResult>> score)
    {
        var results = new TResult[window.Count];
        foreach (var alike in Enumerable.Range(0, window.Count).GroupBy(i => (window[i].Channels, window[i].Height, window[i].Width)))
        {
            var (channels, height, width) = alike.Key;
            long fitting = Math.Max(1, _pixelBudget / ((long)height * width));
            foreach (int[] batch in alike.Chunk((int)Math.Min(BatchSize, fitting)))
            {
                var scored = Infer(() => score(Pixels(window, batch, channels, height, width)));
                for (int i = 0; i < batch.Length; i++)
                    results[batch[i]] = scored[i];
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
