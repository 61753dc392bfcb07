using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Reads and writes the bytes of tensors, without an array of a tensor's size.</summary>
internal static class TensorBytes
{
    // TorchSharp gives a tensor's bytes as one span, which cannot exceed 2 GB.
    private const long PieceElements = 1 << 26;

    /// <summary>Reads a tensor from the stream's position on.</summary>
    /// <exception cref="FormatException">The stream ends too soon.</exception>
    internal static Tensor Read(Stream stream, PerceiverTensorInfo info, string source)
    {
        var tensor = empty([.. info.Shape], info.Dtype, CPU);
        try
        {
            long done = 0;
            foreach (var piece in Pieces(tensor))
            {
                using (piece)
                {
                    var bytes = piece.bytes;
                    int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                    done += read;
                    if (read < bytes.Length)
                    {
                        throw new FormatException(
                            $"'{source}' is damaged: it ends at byte {info.Offset + done}, "
                            + $"within '{info.Name}', which ends at {info.Offset + info.Length}.");
                    }
                }
            }
        }
        catch
        {
            tensor.Dispose();
            throw;
        }

        return tensor;
    }

    /// <summary>Writes a tensor of any device and layout.</summary>
    internal static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().contiguous();
        foreach (var piece in Pieces(flat))
            stream.Write(piece.bytes);
    }

    /// <summary>Whether two tensors of one type and shape have the same bytes.</summary>
    internal static bool AreEqual(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (first.detach().cpu().contiguous(), second.detach().cpu().contiguous());
        return Pieces(a).Zip(Pieces(b)).All(pair => pair.First.bytes.SequenceEqual(pair.Second.bytes));
    }

    private static IEnumerable<Tensor> Pieces(Tensor tensor)
    {
        using var flat = tensor.reshape(-1);
        long count = flat.NumberOfElements;
        for (long start = 0; start < count; start += PieceElements)
            yield return flat.narrow(0, start, Math.Min(PieceElements, count - start));
    }
}
