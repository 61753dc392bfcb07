using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>How a model that reads arrays runs.</summary>
/// <param name="model">The model, on its device and in its precision.</param>
/// <param name="options">How it runs.</param>
internal sealed class ArrayRunner(PerceiverForArray model, PerceiverOptions options) : ModelRunner<PerceiverForArray>(model, options)
{
    private readonly PerceiverArraySettings _settings = model.Config.Array!;
    private readonly long _vectorBudget = InputBudget.Of(model.Config, model.Preprocessor.NumChannels, options.MaxMemoryBytes);

    /// <summary>Rows that a data view reads ahead: several batches, for series of like length to meet.</summary>
    internal int WindowSize => BatchSize * 4;

    /// <summary>Runs arrays through the model, those of like length together: a row of the result for each, in the arrays' order.</summary>
    /// <param name="window">The arrays.</param>
    /// <param name="forward">Arrays and their mask to a result, [batch, ...].</param>
    internal float[][] Infer(IReadOnlyList<ArrayRow> window, Func<Tensor, Tensor?, Tensor> forward) =>
        LengthBatches.Run(window, VectorsOf, BatchSize, _vectorBudget, rows => Infer(() =>
        {
            var batch = ArrayBatch.Of(_settings, rows, Device);
            return forward(batch.Inputs, batch.Mask);
        }));

    /// <summary>Input vectors of a row, the last patch whole.</summary>
    internal int VectorsOf(ArrayRow row)
    {
        int patch = _settings.PatchOrOne[0];
        int first = (ArrayBatch.LengthOf(_settings, row) + patch - 1) / patch;
        return first * (_settings.Vectors / _settings.VectorShape[0]);
    }
}
