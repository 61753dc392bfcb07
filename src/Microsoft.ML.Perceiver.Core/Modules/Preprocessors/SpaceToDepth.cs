using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Turns blocks of pixels into vectors (reference function <c>space_to_depth</c>).</summary>
internal static class SpaceToDepth
{
    /// <summary>Makes a vector of each block; its channels are ordered by frame (if any), row, column and channel.</summary>
    /// <param name="x">[batch, channels, height, width] or [batch, frames, channels, height, width].</param>
    /// <param name="side">Height and width of a block.</param>
    /// <param name="frames">Frames of a block; ignored for images.</param>
    /// <returns>
    /// [batch, height / side, width / side, block], with frames / block's frames as the second axis where there are frames.
    /// </returns>
    /// <exception cref="ArgumentException">The extents do not divide.</exception>
    internal static Tensor Apply(Tensor x, long side, long frames)
    {
        long[] s = x.shape;
        using var scope = NewDisposeScope();
        switch (s.Length)
        {
            case 4:
                Divides(s, s[2] % side == 0 && s[3] % side == 0, $"{side} x {side}");
                return x.reshape(s[0], s[1], s[2] / side, side, s[3] / side, side)
                    .permute(0, 2, 4, 3, 5, 1)
                    .reshape(s[0], s[2] / side, s[3] / side, side * side * s[1])
                    .MoveToOuterDisposeScope();
            case 5:
                Divides(s, s[1] % frames == 0 && s[3] % side == 0 && s[4] % side == 0, $"{frames} x {side} x {side}");
                return x.reshape(s[0], s[1] / frames, frames, s[2], s[3] / side, side, s[4] / side, side)
                    .permute(0, 1, 4, 6, 2, 5, 7, 3)
                    .reshape(s[0], s[1] / frames, s[3] / side, s[4] / side, frames * side * side * s[2])
                    .MoveToOuterDisposeScope();
            default:
                throw new ArgumentException(
                    $"The input has the shape [{string.Join(", ", s)}]; "
                    + "patches need [batch, channels, height, width] or [batch, frames, channels, height, width].");
        }
    }

    /// <summary>As <see cref="Apply"/>, in a graph; all extents but the batch are known.</summary>
    internal static OnnxValue ToOnnx(OnnxBuilder builder, OnnxValue x, long side, long frames)
    {
        long[] s = [.. x.Shape.Select(d => d.Factor)];
        if (x.Rank == 4)
        {
            Divides(s, s[2] % side == 0 && s[3] % side == 0, $"{side} x {side}");
            var image = builder.Reshape(x, x[0], s[1], s[2] / side, side, s[3] / side, side);
            var blocks = builder.Transpose(image, 0, 2, 4, 3, 5, 1);
            return builder.Reshape(blocks, x[0], s[2] / side, s[3] / side, side * side * s[1]);
        }

        Divides(s, s[1] % frames == 0 && s[3] % side == 0 && s[4] % side == 0, $"{frames} x {side} x {side}");
        var video = builder.Reshape(x, x[0], s[1] / frames, frames, s[2], s[3] / side, side, s[4] / side, side);
        var cut = builder.Transpose(video, 0, 1, 4, 6, 2, 5, 7, 3);
        return builder.Reshape(cut, x[0], s[1] / frames, s[3] / side, s[4] / side, frames * side * side * s[2]);
    }

    private static void Divides(long[] shape, bool divides, string block)
    {
        if (!divides)
            throw new ArgumentException($"The input [{string.Join(", ", shape)}] cannot be cut into patches of {block} pixels.");
    }
}
