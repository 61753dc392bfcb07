using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Vectors of the runs of tokens that end at each token: for each length a run's hash chooses one of the rows of a table, and the sum over
/// the lengths is projected to the channels of the inputs. So one lookup knows a word's beginning, where a byte by itself says little.
/// Letters A to Z count as a to z. Not of the reference.
/// </summary>
internal sealed class NgramEmbeddings : nn.Module
{
    // A polynomial of the tokens modulo a prime below 2^31, so that no product leaves 64 bits on any runtime.
    private const long Prime = 2147483629, Base = 1000003;

    // The six special tokens stand before the bytes.
    private const int UpperA = 'A' + 6, UpperZ = 'Z' + 6, ToLower = 'a' - 'A';

    [ComponentName(Name = "table")] private readonly PerceiverLookup _table;
    [ComponentName(Name = "projection")] private readonly PerceiverLinear _projection;
    private readonly int[] _sizes;
    private readonly int _buckets, _vocabulary;

    /// <param name="ngrams">The lengths and the tables.</param>
    /// <param name="vocabulary">How many tokens there are.</param>
    /// <param name="channels">Width of the result.</param>
    internal NgramEmbeddings(PerceiverNgrams ngrams, int vocabulary, int channels) : base(nameof(NgramEmbeddings))
    {
        _vocabulary = vocabulary;
        _sizes = [.. ngrams.Sizes];
        _buckets = ngrams.Buckets;
        _table = new PerceiverLookup((long)_sizes.Length * _buckets, ngrams.Channels);
        _projection = new PerceiverLinear(ngrams.Channels, channels);
        RegisterComponents();
    }

    /// <summary>The vectors of the runs that end at each token.</summary>
    /// <param name="ids">[batch, tokens].</param>
    /// <returns>[batch, tokens, channels].</returns>
    internal Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var tokens = Folded(ids.to(ScalarType.Int64));
        var hash = zeros_like(tokens);
        Tensor? sum = null;
        long power = 1;
        for (int size = 1; size <= _sizes.Max(); size++)
        {
            hash = hash.Plus(Before(tokens, size - 1).Times(power)).remainder(Scalars.Kept(Prime));
            power = power * Base % Prime;
            int index = Array.IndexOf(_sizes, size);
            if (index < 0)
                continue;
            var rows = _table.forward(hash.remainder(Scalars.Kept(_buckets)).Plus((long)index * _buckets));
            sum = sum is null ? rows : sum.Plus(rows);
        }

        return _projection.forward(sum!).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue ids)
    {
        long[] folded = [.. Enumerable.Range(0, _vocabulary).Select(id => id is >= UpperA and <= UpperZ ? id + ToLower : (long)id)];
        var tokens = builder.Gather(builder.Integers(folded), ids);
        OnnxValue? hash = null, sum = null;
        long power = 1;
        for (int size = 1; size <= _sizes.Max(); size++)
        {
            var term = builder.Multiply(Before(builder, tokens, size - 1), builder.Integer(power));
            hash = builder.Remainder(hash is null ? term : builder.Plus(hash, term), builder.Integer(Prime));
            power = power * Base % Prime;
            int index = Array.IndexOf(_sizes, size);
            if (index < 0)
                continue;
            var row = builder.Remainder(hash, builder.Integer(_buckets));
            var rows = _table.ToOnnx(builder, builder.Plus(row, builder.Integer((long)index * _buckets)));
            sum = sum is null ? rows : builder.Plus(sum, rows);
        }

        return _projection.ToOnnx(builder, sum!);
    }

    private static OnnxValue Before(OnnxBuilder builder, OnnxValue tokens, int distance)
    {
        if (distance == 0)
            return tokens;
        var padding = builder.Expand(builder.Unsqueeze(builder.Integers(0), 0), tokens[0], distance);
        return builder.Narrow(builder.Concat(1, padding, tokens), 1, 0, tokens[1]);
    }

    private static Tensor Folded(Tensor ids)
    {
        var isUpper = ids.ge(Scalars.Kept(UpperA)).logical_and(ids.le(Scalars.Kept(UpperZ)));
        return ids.Plus(isUpper.to(ScalarType.Int64).Times(ToLower));
    }

    // The token that stands so many before each; before the first there is the padding token 0.
    private static Tensor Before(Tensor tokens, int distance) =>
        distance == 0 ? tokens : nn.functional.pad(tokens, [distance, 0]).narrow(1, 0, tokens.shape[1]);
}
