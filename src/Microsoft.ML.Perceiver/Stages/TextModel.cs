using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded model with where and how it runs; several threads may use it.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal sealed class TextModel<TModel> : IDisposable
    where TModel : PerceiverPreTrainedModel
{
    private readonly int _batchSize;
    private readonly long _tokenBudget;

    /// <summary>Moves a model to where it runs.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="model">The model, which becomes this object's.</param>
    /// <param name="settings">How it runs.</param>
    /// <param name="device">Where it runs, as <see cref="PerceiverOptions.Device"/>.</param>
    internal TextModel(IHostEnvironment environment, TModel model, TextStageSettings settings, string? device)
    {
        Model = model;
        Device = PerceiverOptions.Choose(device, environment);
        _batchSize = settings.BatchSize;
        _tokenBudget = LengthBatches.TokenBudget(model.Config, settings.MaxMemoryBytes);
        model.to(Device);
        if (settings.Precision != PerceiverPrecision.Float32)
            model.to(settings.Precision.ToScalarType());
        model.eval();
    }

    internal TModel Model { get; }

    internal Device Device { get; }

    /// <summary>Rows that a data view reads ahead: several batches, for texts of like length to meet.</summary>
    internal int WindowSize => checked(_batchSize * 4);

    /// <summary>Runs texts through the model in batches of like length; results come in the texts' order.</summary>
    internal TResult[] Run<TResult>(IReadOnlyList<int[]> window, Func<IReadOnlyList<int[]>, IReadOnlyList<TResult>> score) =>
        LengthBatches.Run(window, _batchSize, _tokenBudget, batch =>
        {
            using var scope = NewDisposeScope();
            using var inference = inference_mode();
            return score(batch);
        });

    /// <summary>The rows of a tensor [batch, ...] as arrays.</summary>
    internal static float[][] Rows(Tensor tensor)
    {
        float[] values = tensor.to(ScalarType.Float32).contiguous().cpu().data<float>().ToArray();
        int width = values.Length / (int)tensor.shape[0];
        return values.Chunk(width).ToArray();
    }

    public void Dispose() => Model.Dispose();
}
