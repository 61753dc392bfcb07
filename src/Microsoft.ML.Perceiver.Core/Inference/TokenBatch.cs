using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Rows of unequal length as one tensor.</summary>
internal static class TokenBatch
{
    /// <summary>Pads texts to the longest one and says what is padding.</summary>
    /// <param name="texts">Each text's ids, one at least.</param>
    /// <param name="device">The device of the tensors.</param>
    /// <returns>Ids, int64 [texts, longest], and the attention mask of the same shape; no mask where nothing is padded.</returns>
    internal static (Tensor Ids, Tensor? Mask) ToTensors(IReadOnlyList<int[]> texts, Device device)
    {
        bool isPadded = texts.Any(t => t.Length != texts[0].Length);
        var mask = isPadded ? Pad([.. texts.Select(t => Enumerable.Repeat(1, t.Length).ToArray())], 0, device) : null;
        return (Pad(texts, PerceiverTokenizer.PadTokenId, device), mask);
    }

    /// <summary>Fills rows up to the length of the longest one.</summary>
    /// <param name="rows">The rows, one at least.</param>
    /// <param name="filler">What is put behind a shorter row.</param>
    /// <param name="device">The device of the tensor.</param>
    /// <returns>int64 [rows, longest].</returns>
    internal static Tensor Pad(IReadOnlyList<int[]> rows, int filler, Device device)
    {
        int longest = rows.Max(r => r.Length);
        long[] values = new long[rows.Count * longest];
        Array.Fill(values, filler);
        for (int row = 0; row < rows.Count; row++)
        {
            for (int i = 0; i < rows[row].Length; i++)
                values[row * longest + i] = rows[row][i];
        }

        return tensor(values, [rows.Count, longest], device: device);
    }
}
