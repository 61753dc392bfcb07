using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Scaled dot-product attention. The probabilities are materialised only where the caller wants them, where dropout applies to them,
/// where the fused kernels' gradients would be wrong, or where the plain form was measured to be the faster one.
/// </summary>
internal static class AttentionKernel
{
    /// <summary>What the scores of one part may take at most where they are materialised.</summary>
    internal const long ScoreBytes = 64L << 20;

    // Parts of this size stay in the processor's cache between the products and the softmax. Products of fewer rows than this, of all heads
    // together, are slow.
    private const long CachedScoreBytes = 16L << 20, LeastRows = 512;

    /// <summary>Attends.</summary>
    /// <param name="query">[batch or 1, heads, queries, channels per head].</param>
    /// <param name="key">[batch, heads, keys, channels per head].</param>
    /// <param name="value">[batch, heads, keys, value channels per head].</param>
    /// <param name="bias">Added to the scores, broadcast to [batch, heads, queries, keys]; null for none.</param>
    /// <param name="headMask">Multiplies the probabilities, broadcast to [batch, heads, queries, keys]; null for none.</param>
    /// <param name="dropout">Probability of dropping a probability, zero outside training.</param>
    /// <param name="wantProbabilities">Whether to return the probabilities.</param>
    /// <returns>The context [batch, heads, queries, value channels per head] and the probabilities, masked, where wanted.</returns>
    internal static (Tensor Context, Tensor? Probabilities) Attend(
        Tensor query, Tensor key, Tensor value, Tensor? bias, Tensor? headMask, double dropout, bool wantProbabilities)
    {
        if (query.shape[0] != key.shape[0])
            query = query.expand(key.shape[0], -1, -1, -1);
        if (WideProducts.AppliesTo(query))
            return WideProducts.Attend(query, key, value, bias, headMask, dropout, wantProbabilities);
        bool wholeHeads = headMask is null || headMask.shape[^1] == 1;
        bool plain = wantProbabilities || dropout > 0 || !wholeHeads;
        var form = plain ? AttentionForm.Plain : FormFor(query, value, key.shape[2], bias);
        if (form == AttentionForm.Plain)
        {
            return wantProbabilities || is_grad_enabled()
                ? Plain(query, key, value, bias, headMask, dropout, wantProbabilities)
                : (InParts(query, key, value, bias, headMask, dropout), null);
        }

        var context = form == AttentionForm.Padded ? Padded(query, key, value, bias) : Fused(query, key, value, bias);
        // A mask that is the same for all keys may scale the sum as well as its terms.
        return (headMask is null ? context : context * headMask, null);
    }

    /// <summary>Torch's own kernel, which keeps no probabilities where the widths allow it.</summary>
    internal static Tensor Fused(Tensor query, Tensor key, Tensor value, Tensor? bias) =>
        nn.functional.scaled_dot_product_attention(query, key, value, bias);

    // The fused kernels keep the logarithm of each query's sum of exponentials and compute the probabilities again from it in the backward
    // pass. Where a query's keys are all masked that logarithm is lost beside the mask's lowest number, and every probability becomes 1 in
    // place of 1 / keys. On a GPU the question waits for the mask, once in a forward pass with gradients.
    private static bool FusedGradientIsWrong(Tensor? bias)
    {
        if (bias is null || !is_grad_enabled())
            return false;
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        return bias.amax([-1]).count_nonzero().item<long>() > 0;
    }

    private static AttentionForm FormFor(Tensor query, Tensor value, long keys, Tensor? bias)
    {
        if (FusedGradientIsWrong(bias))
            return AttentionForm.Plain;
        if (query.device_type != TorchSharp.DeviceType.CPU)
            return AttentionForm.Fused;
        long[] shape = query.shape;
        return AttentionForms.Choose(
            ProcessorFeatures.Units,
            query.dtype,
            shape[0] * shape[1] * shape[2] * keys,
            shape[2],
            shape[3],
            value.shape[3],
            hasGradients: is_grad_enabled());
    }

    /// <summary>Torch's own kernel, with zeros behind the channels.</summary>
    internal static Tensor Padded(Tensor query, Tensor key, Tensor value, Tensor? bias)
    {
        const long multiple = AttentionForms.PaddedMultiple;
        long channels = query.shape[3], padded = (Math.Max(channels, value.shape[3]) + multiple - 1) / multiple * multiple;
        // The kernel divides the scores by the root of the channels that it sees.
        var wide = Widened(query, padded).mul_(Scalars.Kept(Math.Sqrt(padded / (double)channels)));
        return Fused(wide, Widened(key, padded), Widened(value, padded), bias).narrow(3, 0, value.shape[3]);
    }

    private static Tensor Widened(Tensor x, long channels) => nn.functional.pad(x, [0, channels - x.shape[3]]);

    /// <summary>
    /// The plain form, some queries at a time: their scores stay in the processor's cache, and many need no more memory than few.
    /// </summary>
    internal static Tensor InParts(Tensor query, Tensor key, Tensor value, Tensor? bias, Tensor? headMask, double dropout)
    {
        long queries = query.shape[2], heads = query.shape[0] * query.shape[1];
        long bytes = heads * key.shape[2] * query.ElementSize;   // of one query
        long atOnce = Math.Max(1, Math.Max(CachedScoreBytes / bytes, Math.Min(LeastRows / heads, ScoreBytes / bytes)));
        return atOnce >= queries
            ? Context(query, bias, headMask)
            : ByQueries(query, value.shape[3], bias, headMask, atOnce, Context);

        Tensor Context(Tensor q, Tensor? b, Tensor? m) => Plain(q, key, value, b, m, dropout, wantProbabilities: false).Context;
    }

    /// <summary>Attends some queries at a time.</summary>
    /// <param name="query">[batch, heads, queries, channels per head].</param>
    /// <param name="valueChannels">Value channels per head.</param>
    /// <param name="bias">Added to the scores; null for none.</param>
    /// <param name="headMask">Multiplies the probabilities; null for none.</param>
    /// <param name="atOnce">How many queries at a time.</param>
    /// <param name="attend">The context of some queries, with their part of the bias and of the mask.</param>
    /// <returns>[batch, heads, queries, value channels per head], in the type of <paramref name="query"/>.</returns>
    internal static Tensor ByQueries(
        Tensor query, long valueChannels, Tensor? bias, Tensor? headMask, long atOnce, Func<Tensor, Tensor?, Tensor?, Tensor> attend)
    {
        long queries = query.shape[2];
        var context = empty([.. query.shape[..3], valueChannels], query.dtype, query.device);
        for (long start = 0; start < queries; start += atOnce)
        {
            using var scope = NewDisposeScope();
            long count = Math.Min(atOnce, queries - start);
            Tensor? Rows(Tensor? x) => x is null || x.shape[2] == 1 ? x : x.narrow(2, start, count);
            context.narrow(2, start, count).copy_(attend(Rows(query)!, Rows(bias), Rows(headMask)));
        }

        return context;
    }

    private static (Tensor Context, Tensor? Probabilities) Plain(
        Tensor query, Tensor key, Tensor value, Tensor? bias, Tensor? headMask, double dropout, bool wantProbabilities)
    {
        var scores = Product(query.Times(1 / Math.Sqrt(query.shape[^1])), key.transpose(-2, -1));
        if (bias is not null)
            scores = is_grad_enabled() ? scores.Plus(bias) : scores.add_(bias, Scalars.One);
        var probabilities = scores.softmax(-1);
        if (dropout > 0)
            probabilities = PerceiverRandom.Dropout(probabilities, dropout, training: true);
        if (headMask is not null)
            probabilities = probabilities * headMask;
        return (Product(probabilities, value), wantProbabilities ? probabilities : null);
    }

    // Torch's products of bfloat16 copy a transposed factor of three axes whose first is one, and none of two axes.
    private static Tensor Product(Tensor x, Tensor y) => x.shape[0] == 1 && x.shape[1] == 1
        ? matmul(x.squeeze(0).squeeze(0), y.squeeze(0).squeeze(0)).unsqueeze(0).unsqueeze(0)
        : matmul(x, y);
}
