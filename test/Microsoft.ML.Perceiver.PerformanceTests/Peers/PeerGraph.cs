namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The ONNX files of a head: what <see cref="HeadCase.Forward"/> computes, and no more.</summary>
internal static class PeerGraph
{
    /// <summary>Writes them.</summary>
    /// <param name="head">The head.</param>
    /// <param name="checkpoint">The folder of its weights.</param>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="weights">How the weights are stored.</param>
    internal static void Write(HeadCase head, string checkpoint, string folder, PerceiverOnnxWeights weights)
    {
        using var model = head.Load(PerceiverCheckpoint.FromDirectory(checkpoint).WithMappedWeights(), PerceiverPrecision.Float32);
        PerceiverOnnx.Export(model, Path.Combine(folder, "model.onnx"), new PerceiverOnnxOptions
        {
            Weights = weights,
            ExternalData = true,
            AttentionMask = false,
            ScorePositions = head is FillMaskHead,
            ImageSize = head is VisionHead ? new PerceiverImageSize(VisionHead.Side) : null,
        });
    }

    /// <summary>The file of a whole model, or of its encoder.</summary>
    internal static string FirstFileOf(string folder)
    {
        string whole = Path.Combine(folder, "model.onnx");
        return File.Exists(whole) ? whole : Path.Combine(folder, "model.encoder.onnx");
    }

    /// <summary>The file of a decoder; null for a whole model.</summary>
    internal static string? DecoderOf(string folder)
    {
        string decoder = Path.Combine(folder, "model.decoder.onnx");
        return File.Exists(decoder) ? decoder : null;
    }
}
