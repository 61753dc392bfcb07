using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A decoder followed by an affine map to few channels, for every point of a grid with Fourier positions. Affine maps that follow one
/// another are multiplied beforehand. The output is the decoder's; what is left to compute for a point is the softmax, two products instead
/// of six, and the activation:
/// <list type="bullet">
/// <item>A query's Fourier features are a sum over the grid's axes, so its scores are one too, but for the scale of the layer
/// normalisation, which is known for each point. No query is ever made.</item>
/// <item>The attention's output lies in a space of as many dimensions as the values have, not as the query has. In an orthogonal basis of
/// that space its norm, which the layer normalisation needs, is a plain sum of squares.</item>
/// <item>From the activation to the output's channels all maps are affine.</item>
/// </list>
/// </summary>
internal sealed class FoldedDecoder : IDisposable
{
    // Matrices whose rows fill whole cache lines were measured to be multiplied a third faster than those of 513 or 1026 columns.
    private const long Alignment = 16;

    // What the layer normalisations add to a variance.
    private const double Epsilon = 1e-5;

    private readonly PerceiverLayer _layer;
    private readonly Tensor _features;   // [points of all axes, channels]: what each axis adds to a query
    private readonly Tensor _base;       // [channels]: the rest of it
    private readonly long[] _extents;
    private readonly ScalarType _type;   // of the products for each point
    private readonly List<Tensor> _kept = [];

    /// <summary>Multiplies the maps, all in float64, on the CPU.</summary>
    /// <param name="layer">The cross-attention: one head, no query residual.</param>
    /// <param name="last">The weight of the map after it, [output, channels].</param>
    /// <param name="lastBias">Its bias, [output].</param>
    /// <param name="features">[points of all axes, channels].</param>
    /// <param name="rest">[channels].</param>
    /// <param name="extents">Points of each axis.</param>
    internal FoldedDecoder(PerceiverLayer layer, Tensor last, Tensor lastBias, Tensor features, Tensor rest, long[] extents)
    {
        (_layer, _extents, _type) = (layer, extents, TypeOf(layer.Mlp.Widen.Weight));
        using var scope = NewDisposeScope();
        (_features, _base) = (Keep(AxisSums.Double(features)), Keep(AxisSums.Double(rest)));
        var (query, dense, mlp) = (layer.Attention.Inner.Query, layer.Attention.Output, layer.Mlp);
        var norm = layer.Attention.Inner.QueryNorm;
        QueryWeight = Keep(AxisSums.Double(query.Weight) * AxisSums.Double(norm.Weight));
        QueryBias = Keep(AxisSums.Double(query.Weight).mv(AxisSums.Double(norm.Bias)).Plus(AxisSums.Double(query.Bias)));

        var attended = cat([AxisSums.Double(dense.Weight), AxisSums.Double(dense.Bias).unsqueeze(1)], 1);
        var (basis, coordinates) = linalg.qr(attended - attended.mean([0], keepdim: true));
        (last, lastBias) = (AxisSums.Double(last), AxisSums.Double(lastBias));
        var joined = cat([coordinates, matmul(last, attended)], 0);
        (Rank, OutputChannels) = ((int)coordinates.shape[0], (int)last.shape[0]);
        long width = Aligned(joined.shape[0]);
        Values = Keep(Padded(joined, width, joined.shape[1]).t());

        var widen = AxisSums.Double(mlp.Widen.Weight);
        long hidden = Aligned(widen.shape[0]);
        var hiddenBias = widen.mv(AxisSums.Double(layer.Norm.Bias)).Plus(AxisSums.Double(mlp.Widen.Bias));
        Hidden = Keep(Factor(Padded(matmul(widen * AxisSums.Double(layer.Norm.Weight), basis).t(), width, hidden)));
        HiddenBias = Keep(Factor(nn.functional.pad(hiddenBias, [0, hidden - widen.shape[0]])));
        long outputs = Aligned(OutputChannels);
        Output = Keep(Factor(Padded(matmul(last, AxisSums.Double(mlp.Narrow.Weight)).t(), hidden, outputs)));
        var outputBias = last.mv(AxisSums.Double(mlp.Narrow.Bias)).Plus(lastBias);
        OutputBias = Keep(Factor(nn.functional.pad(outputBias, [0, outputs - OutputChannels])));
        Scale = 1 / Math.Sqrt(query.Bias.shape[0]);
    }

    internal int OutputChannels { get; }

    internal int Channels => (int)_base.shape[0];

    /// <summary>Dimensions of the attention's output.</summary>
    internal int Rank { get; }

    internal double Scale { get; }

    /// <summary>[keys' channels, channels].</summary>
    internal Tensor QueryWeight { get; }

    /// <summary>[keys' channels].</summary>
    internal Tensor QueryBias { get; }

    /// <summary>
    /// The map from the values, and a one, to the coordinates in the basis, to the output that goes past the feed-forward layer, and to
    /// zeros that fill the row, [values' channels + 1, width].
    /// </summary>
    internal Tensor Values { get; }

    /// <summary>
    /// The map from the coordinates, and the columns after them, to the hidden layer before its activation, [width, hidden].
    /// </summary>
    internal Tensor Hidden { get; }

    /// <summary>[hidden].</summary>
    internal Tensor HiddenBias { get; }

    /// <summary>The map from the activated hidden layer to the output and zeros that fill the row, [hidden, width].</summary>
    internal Tensor Output { get; }

    /// <summary>[width].</summary>
    internal Tensor OutputBias { get; }

    /// <summary>Keys and values, [..., latents, channels] each.</summary>
    internal (Tensor Keys, Tensor Values) KeysAndValues(Tensor latents) => _layer.Attention.Inner.KeysAndValues(latents);

    /// <summary>What follows the scores, float32 [points, output].</summary>
    /// <param name="scores">float32 [points, latents]; disposed here.</param>
    /// <param name="values">The latents' values by the map <see cref="Values"/>, by <see cref="Factor"/>, [latents, width].</param>
    internal Tensor Finish(Tensor scores, Tensor values)
    {
        using var scope = NewDisposeScope();
        var probabilities = scores.softmax(-1).to(_type, disposeAfter: true);
        scores.Dispose();
        var attended = matmul(probabilities, values).to(ScalarType.Float32);
        probabilities.Dispose();
        var coordinates = attended.narrow(1, 0, Rank);
        var residual = attended.narrow(1, Rank, OutputChannels);
        var squares = coordinates.Squared().sum(1, keepdim: true);
        var scale = squares.div_(Scalars.Kept(Channels)).add_(Scalars.Kept(Epsilon), Scalars.One).rsqrt_();
        var normed = (attended * scale).to(_type);
        var hidden = _layer.Mlp.Activation(addmm(HiddenBias, normed, Hidden, 1, 1));
        var output = addmm(OutputBias, hidden, Output, 1, 1).narrow(1, 0, OutputChannels).to(ScalarType.Float32);
        return output.add_(residual, Scalars.One).MoveToOuterDisposeScope();
    }

    /// <summary>Prepares the output of one input's latents.</summary>
    /// <param name="latents">[latents, channels].</param>
    /// <returns>The grid's output, valid for as long as this object and the caller's dispose scope live.</returns>
    internal FoldedGrid For(Tensor latents) => new(this, KeysAndValues(latents), _features, _base, _extents);

    public void Dispose() => _kept.ForEach(t => t.Dispose());

    private static long Aligned(long size) => (size + Alignment - 1) / Alignment * Alignment;

    // Rows and columns of zeros change no product.
    private static Tensor Padded(Tensor x, long rows, long columns) =>
        nn.functional.pad(x, [0, columns - x.shape[1], 0, rows - x.shape[0]]);

    /// <summary>A factor of the products for each point, where the model is and in the type that they are computed in.</summary>
    internal Tensor Factor(Tensor x) => x.to(_type, _layer.Mlp.Widen.Weight.device).contiguous();

    // Float32 is as fast where the processor does not multiply bfloat16.
    private static ScalarType TypeOf(Tensor weight) =>
        weight.device_type == TorchSharp.DeviceType.CPU && weight.dtype == ScalarType.BFloat16 && PerceiverPrecisions.IsBFloat16FastOnCpu
            ? ScalarType.BFloat16
            : ScalarType.Float32;

    private Tensor Keep(Tensor x)
    {
        _kept.Add(x.DetachFromDisposeScope());
        return x;
    }
}
