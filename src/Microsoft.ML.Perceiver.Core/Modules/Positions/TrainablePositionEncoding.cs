using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// One trainable vector for each position (reference class <c>PerceiverTrainablePositionEncoding</c>, key <c>position_embeddings</c>).
/// </summary>
internal sealed class TrainablePositionEncoding : PerceiverParameterModule
{
    internal TrainablePositionEncoding(PerceiverTrainablePositionOptions settings) : base(nameof(TrainablePositionEncoding))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(settings.NumChannels);
        if (settings.IndexDims.Count == 0 || settings.IndexDims.Any(d => d <= 0))
        {
            throw new ArgumentException(
                $"The index dims of trainable positions are [{string.Join(", ", settings.IndexDims)}]; they need positive extents.");
        }

        Positions = settings.IndexDims.Aggregate(1L, (a, b) => checked(a * b));
        Declare("position_embeddings", ParameterRole.Embedding, Positions, settings.NumChannels);
    }

    internal long Positions { get; }

    /// <summary>All positions, [1, positions, channels]; one batch entry, as they do not depend on the input.</summary>
    internal Tensor forward() => this[0].unsqueeze(0);

    /// <summary>As <see cref="forward"/>, in a graph.</summary>
    internal OnnxValue ToOnnx(OnnxBuilder builder) => builder.Unsqueeze(builder.Parameter(this[0]), 0);

    /// <summary>As <see cref="At"/>, in a graph.</summary>
    internal OnnxValue AtToOnnx(OnnxBuilder builder, OnnxValue indices) => builder.Gather(builder.Parameter(this[0]), indices);

    /// <summary>
    /// The positions of a square grid stretched over another, [1, height * width, channels], by bicubic interpolation (the reference's
    /// <c>interpolate_pos_encoding</c>).
    /// </summary>
    /// <exception cref="ArgumentException">The trained grid is not square.</exception>
    internal Tensor Interpolate(long height, long width)
    {
        long side = (long)Math.Round(Math.Sqrt(Positions));
        if (side * side != Positions)
            throw new ArgumentException($"{Positions} positions are no square grid; they cannot be interpolated.");
        using var scope = NewDisposeScope();
        var grid = this[0].view(1, side, side, -1).permute(0, 3, 1, 2);
        return nn.functional.interpolate(grid, [height, width], mode: InterpolationMode.Bicubic, align_corners: false)
            .permute(0, 2, 3, 1).reshape(1, height * width, -1).MoveToOuterDisposeScope();
    }

    /// <summary>The positions of the given indices, [indices' shape, channels].</summary>
    internal Tensor At(Tensor indices) => RowsOf(this[0], indices);
}
