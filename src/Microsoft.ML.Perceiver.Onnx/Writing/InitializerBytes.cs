using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Writes the numbers of a constant, as many at a time as a copy of them may take.</summary>
internal static class InitializerBytes
{
    // 16 MB of floats.
    private const long PieceElements = 1L << 22;

    internal static void Write(Stream stream, OnnxInitializer initializer)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var source = initializer.Source.detach();
        var type = TypeOf(initializer.Value.Element);
        switch (initializer.Layout)
        {
            // By far the most numbers are written from where they are.
            case OnnxLayout.AsIs when source.dtype == type:
                TensorBytes.Write(stream, source);
                break;
            case OnnxLayout.AsIs:
                WritePieces(stream, source.reshape(-1), axis: 0, piece => piece.to(type));
                break;
            case OnnxLayout.Transposed:
                WritePieces(stream, source, axis: 1, piece => piece.t().to(type).contiguous());
                break;
            case OnnxLayout.RoundedByOutput:
                WritePieces(stream, source, axis: 1, piece => OnnxRounding.Round(piece, initializer.Layout, initializer.Scales!));
                break;
            case OnnxLayout.RoundedByBlock:
                WriteBlocks(stream, source, initializer.Scales!);
                break;
        }
    }

    private static void WriteBlocks(Stream stream, Tensor source, Tensor scales)
    {
        long start = 0;
        WritePieces(stream, source, axis: 0, piece =>
        {
            var own = scales.narrow(0, start, piece.shape[0]);
            start += piece.shape[0];
            return OnnxRounding.Round(piece, OnnxLayout.RoundedByBlock, own);
        });
    }

    private static void WritePieces(Stream stream, Tensor source, int axis, Func<Tensor, Tensor> convert)
    {
        long extent = source.shape[axis];
        long atOnce = Math.Max(1, PieceElements / Math.Max(1, source.NumberOfElements / Math.Max(1, extent)));
        for (long start = 0; start < extent; start += atOnce)
        {
            using var scope = NewDisposeScope();
            TensorBytes.Write(stream, convert(source.narrow(axis, start, Math.Min(atOnce, extent - start)).cpu()));
        }
    }

    private static ScalarType TypeOf(OnnxElement element) => element switch
    {
        OnnxElement.Float => ScalarType.Float32,
        OnnxElement.Float16 => ScalarType.Float16,
        OnnxElement.Double => ScalarType.Float64,
        OnnxElement.Int64 => ScalarType.Int64,
        OnnxElement.Int8 => ScalarType.Int8,
        OnnxElement.UInt8 => ScalarType.Byte,
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, "There are no such constants."),
    };
}
