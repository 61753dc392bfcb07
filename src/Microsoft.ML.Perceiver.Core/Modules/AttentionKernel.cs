using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Scaled dot-product attention. The probabilities are materialised only where somebody asks for them, drops some of them out, or where the
/// plain form was measured to be the faster one (bf16 on a CPU).
/// </summary>
internal static class AttentionKernel
{
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
        bool wholeHeads = headMask is null || headMask.shape[^1] == 1;
        if (wantProbabilities || dropout > 0 || !wholeHeads || PlainIsFaster(query))
            return Plain(query, key, value, bias, headMask, dropout, wantProbabilities);

        var context = nn.functional.scaled_dot_product_attention(query, key, value, bias);
        // A mask that is the same for all keys may scale the sum as well as its terms.
        return (headMask is null ? context : context * headMask, null);
    }

    private static bool PlainIsFaster(Tensor query) => query.dtype == ScalarType.BFloat16 && query.device_type == TorchSharp.DeviceType.CPU;

    private static (Tensor Context, Tensor? Probabilities) Plain(
        Tensor query, Tensor key, Tensor value, Tensor? bias, Tensor? headMask, double dropout, bool wantProbabilities)
    {
        var scores = matmul(query * (1 / Math.Sqrt(query.shape[^1])), key.transpose(-2, -1));
        if (bias is not null)
            scores = is_grad_enabled() ? scores + bias : scores.add_(bias);
        var probabilities = scores.softmax(-1);
        if (dropout > 0)
            probabilities = TrainingRandom.Dropout(probabilities, dropout, training: true);
        if (headMask is not null)
            probabilities = probabilities * headMask;
        return (matmul(probabilities, value), wantProbabilities ? probabilities : null);
    }
}
