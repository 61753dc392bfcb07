using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Optical flow with fewer products than the modules have, to the same numbers: affine maps that follow one another are multiplied first,
/// and what the pixels' positions give is computed once for all images of a batch.
/// </summary>
internal static class FoldedFlow
{
    /// <summary>Whether the modules compute as they stand, for benchmarks that measure it.</summary>
    internal static bool KeepsModules { get; set; }

    /// <summary>The motions [batch, height, width, 2]; null where the model computes in another way than in float32 on the CPU.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="preprocessor">Its preprocessor, with Fourier positions.</param>
    /// <param name="decoder">The decoder.</param>
    /// <param name="inputs">As <see cref="PerceiverForOpticalFlow.forward"/> takes them.</param>
    internal static Tensor? TryRun(
        PerceiverModel model, PerceiverImagePreprocessor preprocessor, PerceiverOpticalFlowDecoder decoder, Tensor inputs)
    {
        if (KeepsModules || inputs.dtype != ScalarType.Float32 || inputs.device_type != TorchSharp.DeviceType.CPU)
            return null;
        long height = inputs.shape[3], width = inputs.shape[4];
        using var scope = NewDisposeScope();
        using var grid = preprocessor.GridOf(height, width);
        using var pixels = decoder.Fold(grid);
        if (pixels is null)
            return null;
        var vectors = preprocessor.Vectors(inputs);
        var scales = grid.Scales(vectors);
        var latents = Latents(model, grid, inputs, vectors, scales);
        return pixels.Decode(vectors, scales, latents).view(inputs.shape[0], height, width, -1).MoveToOuterDisposeScope();
    }

    private static Tensor Latents(PerceiverModel model, PixelGrid grid, Tensor inputs, Tensor vectors, Tensor scales)
    {
        using var scope = NewDisposeScope();
        using var folded = model.FoldKeys(grid);
        if (folded is null)
            return model.Encode(inputs).MoveToOuterDisposeScope();
        var (keys, values) = folded.Apply(vectors, scales);
        return model.EncodeFolded(keys, values).MoveToOuterDisposeScope();
    }
}
