using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Pixels of an image as the attentions see them: each one's own vector followed by its Fourier position, which is the same for every
/// image. What an affine map makes of the position is a sum of what the row gives and what the column gives, computed once.
/// </summary>
internal sealed class PixelGrid : IDisposable
{
    // What the layer normalisations add to a variance.
    private const double Epsilon = 1e-5;
    private readonly Tensor _sums, _squares;   // float32 [pixels, 1]: of the position's channels

    /// <param name="features">What each axis adds to a position, [rows + columns, position channels].</param>
    /// <param name="rest">What the axes have in common, [position channels].</param>
    /// <param name="vectorChannels">Channels of a pixel's own vector.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    internal PixelGrid(Tensor features, Tensor rest, long vectorChannels, long height, long width)
    {
        (VectorChannels, Height, Width) = (vectorChannels, height, width);
        using var scope = NewDisposeScope();
        Features = AxisSums.Double(nn.functional.pad(features, [vectorChannels, 0])).DetachFromDisposeScope();
        Rest = AxisSums.Double(nn.functional.pad(rest, [vectorChannels, 0])).DetachFromDisposeScope();
        var (sums, squares) = AxisSums.Moments(Features, Rest, [height, width]);
        (_sums, _squares) = (AxisSums.Single(sums), AxisSums.Single(squares));
    }

    internal long Height { get; }

    internal long Width { get; }

    internal long VectorChannels { get; }

    /// <summary>Channels of a pixel with its position.</summary>
    internal long Channels => Rest.shape[0];

    /// <summary>float64 [rows + columns, channels]; zero in a vector's channels.</summary>
    internal Tensor Features { get; }

    /// <summary>What each row gives to a pixel's position, with the rest, float64 [rows, channels].</summary>
    internal Tensor Rows => Features.narrow(0, 0, Height).Plus(Rest);

    /// <summary>What each column gives to it, float64 [columns, channels].</summary>
    internal Tensor Columns => Features.narrow(0, Height, Width);

    /// <summary>float64 [channels]; zero in a vector's channels.</summary>
    internal Tensor Rest { get; }

    /// <summary>One over each pixel's standard deviation over its channels, as a layer normalisation has it.</summary>
    /// <param name="vectors">The pixels' own vectors, float32 [batch, pixels, vector channels].</param>
    /// <returns>float32 [batch, pixels, 1].</returns>
    internal Tensor Scales(Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var means = vectors.sum(-1, keepdim: true).Plus(_sums).Over(Channels);
        var squares = vectors.Squared().sum(-1, keepdim: true).Plus(_squares).Over(Channels);
        return (squares - means.Squared()).Plus(Epsilon).rsqrt().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (var tensor in new[] { Features, Rest, _sums, _squares })
            tensor.Dispose();
    }
}
