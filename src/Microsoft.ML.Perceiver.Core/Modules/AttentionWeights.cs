using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The probabilities of an attention as the mean of its heads, in float32, some queries at a time: those of 512 latents and 50,000 pixels
/// with eight heads would be 800 MB for one image.
/// </summary>
internal static class AttentionWeights
{
    /// <summary>The probabilities themselves.</summary>
    /// <param name="query">[batch or 1, heads, queries, channels per head].</param>
    /// <param name="key">[batch, heads, keys, channels per head].</param>
    /// <param name="bias">Added to the scores, broadcast to [batch, heads, queries, keys]; null for none.</param>
    /// <returns>float32 [batch, queries, keys].</returns>
    internal static Tensor MeanOverHeads(Tensor query, Tensor key, Tensor? bias)
    {
        var result = empty([key.shape[0], query.shape[2], key.shape[2]], ScalarType.Float32, key.device);
        ByQueries(query, key, bias, (start, part) => result.narrow(1, start, part.shape[1]).copy_(part));
        return result;
    }

    /// <summary>Sums of the probabilities of all queries, without holding them all.</summary>
    /// <param name="rows">The weight of each query in each sum, float32 [batch, sums, queries].</param>
    /// <param name="query">[batch or 1, heads, queries, channels per head].</param>
    /// <param name="key">[batch, heads, keys, channels per head].</param>
    /// <param name="bias">Added to the scores, broadcast to [batch, heads, queries, keys]; null for none.</param>
    /// <returns>float32 [batch, sums, keys].</returns>
    internal static Tensor Sum(Tensor rows, Tensor query, Tensor key, Tensor? bias)
    {
        var result = zeros([key.shape[0], rows.shape[1], key.shape[2]], ScalarType.Float32, key.device);
        ByQueries(query, key, bias, (start, part) => result.add_(matmul(rows.narrow(2, start, part.shape[1]), part), Scalars.One));
        return result;
    }

    private static void ByQueries(Tensor query, Tensor key, Tensor? bias, Action<long, Tensor> use)
    {
        using var scope = NewDisposeScope();
        var scaled = query.to(ScalarType.Float32).Times(1 / Math.Sqrt(query.shape[^1]));
        var keys = key.to(ScalarType.Float32).transpose(-2, -1);
        var added = bias?.to(ScalarType.Float32);
        long queries = query.shape[2], bytesOfOne = key.shape[0] * key.shape[1] * key.shape[2] * sizeof(float);
        long atOnce = Math.Max(1, AttentionKernel.ScoreBytes / bytesOfOne);
        for (long start = 0; start < queries; start += atOnce)
        {
            using var piece = NewDisposeScope();
            long count = Math.Min(atOnce, queries - start);
            var scores = matmul(scaled.narrow(2, start, count), keys);
            if (added is not null)
                scores.add_(added.shape[2] == 1 ? added : added.narrow(2, start, count), Scalars.One);
            use(start, scores.softmax(-1).mean([1]));
        }
    }
}
