using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How a loaded model runs; several threads may use it.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="options">How it runs.</param>
internal abstract class ModelRunner<TModel>(TModel model, PerceiverOptions options)
    where TModel : PerceiverPreTrainedModel
{
    internal TModel Model { get; } = model;

    protected Device Device { get; } = model.Device;

    protected int BatchSize { get; } = options.BatchSize;

    protected PerceiverPrecision Precision { get; } = options.Precision;

    /// <summary>The settings of what stands before the model, as the stage has them.</summary>
    internal virtual ModelInputs ModelInputs => ModelInputs.None;

    /// <summary>The model as a checkpoint.</summary>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <param name="use">As for <see cref="ModelCheckpoint"/>.</param>
    internal PerceiverCheckpoint ToCheckpoint(string source, Func<IDisposable> use) => new ModelCheckpoint(Model, ModelInputs, source, use);

    /// <summary>Writes a folder with the model and the files of what stands before it.</summary>
    internal void SavePretrained(string directory, PerceiverPrecision precision, long maxShardSize) =>
        Model.WriteFolder(directory, precision, maxShardSize, ModelInputs.Files());

    /// <summary>Computes something in inference mode, and gives the rows of its result [rows, ...] as arrays.</summary>
    internal static float[][] Infer(Func<Tensor> compute) => InferenceScope.Run(() =>
    {
        var result = compute();
        float[] values = result.to(ScalarType.Float32).contiguous().cpu().data<float>().ToArray();
        int width = values.Length / (int)result.shape[0];
        return values.Chunk(width).ToArray();
    });
}

/// <summary>A stage with a model.</summary>
/// <typeparam name="TModel">The head's class.</typeparam>
internal interface IModelStage<TModel> : IStage
    where TModel : PerceiverPreTrainedModel
{
    ModelRunner<TModel> Runner { get; }
}
