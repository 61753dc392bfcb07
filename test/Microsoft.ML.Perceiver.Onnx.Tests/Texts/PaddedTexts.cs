using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Onnx.Tests.Texts;

/// <summary>Texts as the library's tokenizer gives them to a model.</summary>
internal static class PaddedTexts
{
    /// <summary>The ids of texts, as a stage has them, and their mask.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="longest">The longest text in tokens.</param>
    internal static (Tensor Ids, Tensor Mask) Of(IReadOnlyList<string> texts, int longest)
    {
        int[][] rows = [.. texts.Select(t => PerceiverTokenizer.Default.EncodeForModel(t, null, longest, out _))];
        int width = rows.Max(r => r.Length);
        long[] ids = [.. rows.SelectMany(r => r.Select(id => (long)id).Concat(Enumerable.Repeat(0L, width - r.Length)))];
        long[] mask = [.. rows.SelectMany(r => Enumerable.Range(0, width).Select(i => i < r.Length ? 1L : 0L))];
        return (tensor(ids, rows.Length, width), tensor(mask, rows.Length, width));
    }
}
