using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A data view that ONNX cannot have. <c>ConvertToOnnx</c> walks from data view to data view and takes one that it does not know for the
/// input: the columns of a Perceiver would silently become inputs of the graph. One that it does know is asked, and refuses by name.
/// </summary>
internal abstract class UnexportableDataView : ITransformCanSaveOnnx
{
    public abstract DataViewSchema Schema { get; }

    public abstract bool CanShuffle { get; }

    // Asked for by the walk alone, where a stage behind this one cannot be exported.
    IDataView IDataTransform.Source => throw Refusal();

    /// <summary>What the user knows the stage by.</summary>
    private protected abstract string Stage { get; }

    public abstract long? GetRowCount();

    public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

    public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw Refusal();

    void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw Refusal();

    void ICanSaveModel.Save(ModelSaveContext ctx) =>
        throw new NotSupportedException($"{Stage} is saved as a transformer, not as a data view.");

    private NotSupportedException Refusal() => new(
        $"{Stage} cannot be exported to ONNX by ConvertToOnnx, which has no operators for it. SaveAsOnnx of the package "
        + "Microsoft.ML.Perceiver.Onnx writes the stage's model, from the tokenizer's ids or from pixels on.");
}
