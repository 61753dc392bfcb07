using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>A constant of a graph whose numbers are those of a tensor, which is read when the graph is written and not before.</summary>
/// <param name="Value">Its name, type and shape in the graph.</param>
/// <param name="Source">The tensor, mostly a parameter of the model; it is not copied.</param>
/// <param name="Layout">How its numbers are written.</param>
/// <param name="Scales">What the integers of a rounded layout are multiplied by; null for other layouts.</param>
internal sealed record OnnxInitializer(OnnxValue Value, Tensor Source, OnnxLayout Layout, Tensor? Scales = null)
{
    /// <summary>Bytes of its numbers.</summary>
    internal long Length => Value.Shape.Aggregate(1L, (product, extent) => product * extent.Factor) * SizeOf(Value.Element);

    private static int SizeOf(OnnxElement element) => element switch
    {
        OnnxElement.Float => 4,
        OnnxElement.Float16 => 2,
        OnnxElement.Int64 or OnnxElement.Double => 8,
        _ => 1,
    };
}
