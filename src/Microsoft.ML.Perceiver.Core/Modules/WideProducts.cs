using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Products of reduced precision on processors that have no instructions for them, where libtorch's own kernels are slow: numbers are
/// converted to float32 piece by piece, multiplied in float32, and rounded once at the end. Memory stays that of the reduced precision.
/// </summary>
internal static class WideProducts
{
    /// <summary>Numbers that are converted at a time, 2 MB of them.</summary>
    internal const long PieceLength = 1L << 19;

    // Products of fewer rows are slow.
    private const long LeastRows = 256;

    /// <summary>
    /// Whether an input is to be multiplied by these products. Training does not use them, as a backward pass would keep the converted
    /// numbers.
    /// </summary>
    internal static bool AppliesTo(Tensor x)
    {
        bool slow = x.dtype == ScalarType.Float16 || (x.dtype == ScalarType.BFloat16 && !PerceiverPrecisions.IsBFloat16FastOnCpu);
        return slow && x.device_type == DeviceType.CPU && !is_grad_enabled();
    }

    /// <summary>How many rows are converted at a time.</summary>
    internal static long RowsOf(long channels) => Math.Max(LeastRows, PieceLength / Math.Max(1, channels));

    /// <summary>An affine map of the last axis.</summary>
    /// <param name="x">[..., inputs].</param>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="bias">[outputs]; null for none.</param>
    /// <returns>[..., outputs], in the type of <paramref name="x"/>.</returns>
    internal static Tensor Linear(Tensor x, Tensor weight, Tensor? bias)
    {
        long outputs = weight.shape[0], inputs = weight.shape[1];
        var result = empty([.. x.shape[..^1], outputs], x.dtype);
        using var scope = NewDisposeScope();
        var (from, to) = (x.reshape(-1, inputs), result.view(-1, outputs));
        var (wideWeight, wideBias) = (weight.to(ScalarType.Float32), bias?.to(ScalarType.Float32));
        long rows = from.shape[0], atOnce = RowsOf(Math.Max(inputs, outputs));
        for (long start = 0; start < rows; start += atOnce)
        {
            using var piece = NewDisposeScope();
            long count = Math.Min(atOnce, rows - start);
            var wide = from.narrow(0, start, count).to(ScalarType.Float32);
            to.narrow(0, start, count).copy_(nn.functional.linear(wide, wideWeight, wideBias));
        }

        return result;
    }

    /// <summary>Attention, as many queries at a time as fit into a piece; shapes as in <see cref="AttentionKernel.Attend"/>.</summary>
    /// <param name="query">[batch, heads, queries, channels per head].</param>
    /// <param name="key">[batch, heads, keys, channels per head].</param>
    /// <param name="value">[batch, heads, keys, value channels per head]; may be <paramref name="key"/> itself.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <param name="headMask">Multiplies the probabilities; null for none.</param>
    /// <param name="dropout">Probability of dropping a probability.</param>
    /// <param name="wantProbabilities">Whether to return the probabilities.</param>
    internal static (Tensor Context, Tensor? Probabilities) Attend(
        Tensor query, Tensor key, Tensor value, Tensor? bias, Tensor? headMask, double dropout, bool wantProbabilities)
    {
        using var scope = NewDisposeScope();
        var keys = key.to(ScalarType.Float32);
        var values = ReferenceEquals(key, value) ? keys : value.to(ScalarType.Float32);
        if (wantProbabilities)
        {
            var (wide, probabilities) = Part(query, bias, headMask);
            return (wide.to(query.dtype).MoveToOuterDisposeScope(), probabilities!.to(query.dtype).MoveToOuterDisposeScope());
        }

        long atOnce = RowsOf(query.shape[0] * query.shape[1] * Math.Max(query.shape[3], value.shape[3]));
        var context = AttentionKernel.ByQueries(query, value.shape[3], bias, headMask, atOnce, (q, b, m) => Part(q, b, m).Context);
        return (context.MoveToOuterDisposeScope(), null);

        (Tensor Context, Tensor? Probabilities) Part(Tensor q, Tensor? b, Tensor? m) => AttentionKernel.Attend(
            q.to(ScalarType.Float32), keys, values, b?.to(ScalarType.Float32), m?.to(ScalarType.Float32), dropout, wantProbabilities);
    }

    /// <summary>A convolution over height and width.</summary>
    /// <param name="x">[batch, input channels, height, width].</param>
    /// <param name="weight">[output channels, input channels, height, width].</param>
    /// <param name="bias">[output channels]; null for none.</param>
    /// <param name="stride">Down and across.</param>
    /// <param name="padding">Down and across.</param>
    internal static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias, long[] stride, long[] padding)
    {
        using var scope = NewDisposeScope();
        var (wideInput, wideWeight, wideBias) = (x.to(ScalarType.Float32), weight.to(ScalarType.Float32), bias?.to(ScalarType.Float32));
        return nn.functional.conv2d(wideInput, wideWeight, wideBias, stride, padding).to(x.dtype).MoveToOuterDisposeScope();
    }
}
