using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Rounds weights to 8-bit integers.</summary>
internal static class OnnxRounding
{
    /// <summary>The byte that stands for zero in <see cref="OnnxLayout.RoundedByBlock"/>.</summary>
    internal const int ZeroByte = 128;

    private const int EightBits = 127, SevenBits = 63;

    /// <summary>What the integers of a matrix are to be multiplied by.</summary>
    /// <param name="weight">[outputs, inputs].</param>
    /// <param name="layout">By output or by block.</param>
    /// <param name="sevenBits">Whether the integers go to 63 instead of 127; not by block.</param>
    /// <returns>float32 [outputs], or [outputs, blocks].</returns>
    internal static Tensor Scales(Tensor weight, OnnxLayout layout, bool sevenBits)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var largest = layout == OnnxLayout.RoundedByOutput
            ? maximum(weight.amin([1]).neg(), weight.amax([1]))
            : InBlocks(weight).abs().amax([2]);
        int levels = sevenBits && layout == OnnxLayout.RoundedByOutput ? SevenBits : EightBits;
        return largest.to(ScalarType.Float32, CPU).div(Scalars.Kept(levels)).clamp_min(Scalars.Kept(1e-30)).MoveToOuterDisposeScope();
    }

    /// <summary>The integers of some of a matrix's outputs, as float32 in the layout's order.</summary>
    /// <param name="rows">[outputs, inputs], on the CPU.</param>
    /// <param name="layout">By output or by block.</param>
    /// <param name="scales">These outputs' scales.</param>
    /// <returns>int8 [inputs, outputs], or bytes [outputs, blocks, inputs of a block].</returns>
    internal static Tensor Round(Tensor rows, OnnxLayout layout, Tensor scales)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        var wide = rows.to(ScalarType.Float32);
        var result = layout == OnnxLayout.RoundedByOutput
            ? (wide / scales.unsqueeze(1)).round_().t().to(ScalarType.Int8)
            : (InBlocks(wide) / scales.unsqueeze(2)).round_().add_(Scalars.Kept(ZeroByte), Scalars.One).to(ScalarType.Byte);
        return result.contiguous().MoveToOuterDisposeScope();
    }

    private static Tensor InBlocks(Tensor weight)
    {
        long missing = (OnnxForm.BlockInputs - weight.shape[1] % OnnxForm.BlockInputs) % OnnxForm.BlockInputs;
        var filled = missing == 0 ? weight : nn.functional.pad(weight, [0, missing]);
        return filled.reshape(weight.shape[0], -1, OnnxForm.BlockInputs);
    }
}
