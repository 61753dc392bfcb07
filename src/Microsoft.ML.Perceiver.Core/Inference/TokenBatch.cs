using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Texts of different length as one tensor.</summary>
internal static class TokenBatch
{
    /// <summary>Pads to the longest text and makes the attention mask.</summary>
    /// <param name="texts">Each text's ids, one at least.</param>
    /// <param name="device">The device of the tensors.</param>
    /// <returns>Ids, int64 [texts, longest], and the attention mask of the same shape; null where nothing is padded.</returns>
    internal static (Tensor Ids, Tensor? Mask) ToTensors(IReadOnlyList<int[]> texts, Device device)
    {
        int longest = texts.Max(t => t.Length);
        long[] ids = new long[texts.Count * longest];
        long[] mask = new long[ids.Length];
        bool padded = false;
        for (int i = 0; i < texts.Count; i++)
        {
            int[] text = texts[i];
            int start = i * longest;
            for (int j = 0; j < text.Length; j++)
                ids[start + j] = text[j];
            mask.AsSpan(start, text.Length).Fill(1);
            padded |= text.Length < longest;
        }

        var shape = new long[] { texts.Count, longest };
        return (tensor(ids, shape, device: device), padded ? tensor(mask, shape, device: device) : null);
    }
}
