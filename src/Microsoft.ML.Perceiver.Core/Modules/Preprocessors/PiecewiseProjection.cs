using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// A projection of its own for each number of a table (keys <c>weight</c> and <c>bias</c>). A number is read piecewise linearly: itself,
/// and for each bin the share of the bin that lies below it (Gorishniy et al. 2022, "On Embeddings for Numerical Features").
/// </summary>
internal sealed class PiecewiseProjection : PerceiverParameterModule
{
    private readonly float[] _lower, _scale;
    private readonly int _places, _bins;

    /// <param name="edges">The ascending edges of the bins of each number, as many for each.</param>
    /// <param name="outputs">Width of the output.</param>
    internal PiecewiseProjection(IReadOnlyList<IReadOnlyList<double>> edges, int outputs) : base(nameof(PiecewiseProjection))
    {
        _places = edges.Count;
        _bins = edges[0].Count - 1;
        _lower = [.. edges.SelectMany(of => of.Take(_bins)).Select(edge => (float)edge)];
        _scale = [.. edges.SelectMany(of => of.Zip(of.Skip(1), (low, high) => (float)(1 / (high - low))))];
        Declare("weight", ParameterRole.Embedding, _places, _bins + 1, outputs);
        Declare("bias", ParameterRole.Bias, _places, outputs);
    }

    /// <summary>Projects the first numbers of rows.</summary>
    /// <param name="numbers">Floats [batch, places, 1].</param>
    /// <returns>[batch, places, outputs], in the number format of the weights.</returns>
    internal Tensor forward(Tensor numbers)
    {
        using var scope = NewDisposeScope();
        long places = numbers.shape[1];
        var lower = tensor(_lower, [_places, _bins], device: numbers.device).narrow(0, 0, places);
        var scale = tensor(_scale, [_places, _bins], device: numbers.device).narrow(0, 0, places);
        var shares = ((numbers - lower) * scale).clamp(Scalars.Kept(0), Scalars.Kept(1));
        var read = cat([numbers, shares], -1).to(this[0].dtype);
        var products = read.transpose(0, 1).matmul(this[0].narrow(0, 0, places)).transpose(0, 1);
        return products.Plus(this[1].narrow(0, 0, places)).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue numbers)
    {
        var places = numbers[1];
        var shares = builder.Clamp(builder.Multiply(builder.Minus(numbers, Numbers("lower", _lower)), Numbers("scale", _scale)), 0, 1);
        var read = builder.Concat(2, numbers, shares);
        var weight = builder.Narrow(builder.Parameter(this[0]), 0, 0, places);
        var products = builder.Transpose(builder.MatMul(builder.Transpose(read, 1, 0, 2), weight), 1, 0, 2);
        return builder.Plus(products, builder.Narrow(builder.Parameter(this[1]), 0, 0, places));

        OnnxValue Numbers(string name, float[] numbers) =>
            builder.Narrow(builder.Table($"bins.{name}", tensor(numbers, [_places, _bins])), 0, 0, places);
    }
}
