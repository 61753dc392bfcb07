using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A loaded model with where and how it runs; several threads may use it.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal abstract class ModelRunner<TModel> : IDisposable
    where TModel : PerceiverPreTrainedModel
{
    /// <summary>Moves a model to where it runs.</summary>
    /// <param name="environment">The context's environment.</param>
    /// <param name="model">The model, which becomes this object's; it is disposed where this fails, so that a caller need not.</param>
    /// <param name="settings">How it runs.</param>
    /// <param name="device">Where it runs, as <see cref="PerceiverOptions.Device"/>.</param>
    protected ModelRunner(IHostEnvironment environment, TModel model, StageSettings settings, string? device)
    {
        Model = model;
        BatchSize = settings.BatchSize;
        Precision = settings.Precision;
        Device = OrDispose(() =>
        {
            var chosen = PerceiverOptions.Choose(device, environment);
            model.to(chosen);
            model.ComputeIn(settings.Precision);
            model.eval();
            return chosen;
        });
    }

    internal TModel Model { get; }

    internal Device Device { get; }

    protected int BatchSize { get; }

    protected PerceiverPrecision Precision { get; }

    /// <summary>The rows of a tensor [batch, ...] as arrays.</summary>
    internal static float[][] Rows(Tensor tensor)
    {
        float[] values = tensor.to(ScalarType.Float32).contiguous().cpu().data<float>().ToArray();
        int width = values.Length / (int)tensor.shape[0];
        return values.Chunk(width).ToArray();
    }

    /// <summary>Makes a part of this object; where that fails the model is disposed, as there is no object then that would.</summary>
    protected T OrDispose<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch
        {
            Model.Dispose();
            throw;
        }
    }

    /// <summary>Runs something on the model, without gradients, and releases its tensors.</summary>
    protected static T Infer<T>(Func<T> run)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        return run();
    }

    public void Dispose() => Model.Dispose();
}
