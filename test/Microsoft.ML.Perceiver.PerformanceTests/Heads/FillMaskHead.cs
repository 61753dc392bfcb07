using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A text of 1,500 bytes with 60 masks; only they are decoded, and nothing is padded.</summary>
internal sealed record FillMaskHead() : HeadCase("fillmask", PerceiverPublishedCheckpoints.Language)
{
    private const int Bytes = 1500, Masks = 60, MaskId = 3, FirstMask = 7;

    internal override double Operations
    {
        get
        {
            var c = Published.Config;
            double width = c.ModelChannels;
            return Work.Encoder(c, Bytes, width)
                + Work.Cross(Masks, width, c.NumLatents, c.LatentChannels, 256, width, 1, constantQuery: false)
                + Work.Linear(Masks, width, c.VocabularySize);
        }
    }

    internal override PerceiverPreTrainedModel Load(PerceiverCheckpoint checkpoint, PerceiverPrecision precision) =>
        checkpoint.Load(c => ForPrediction(new PerceiverForMaskedLM(c, initialize: false)), precision: precision).Model;

    internal override PerceiverInputs Inputs(int batch, ScalarType type)
    {
        long[] row = Text();
        return tensor(Enumerable.Repeat(row, batch).SelectMany(r => r).ToArray()).view(batch, Bytes);
    }

    internal override IReadOnlyDictionary<string, Tensor> Forward(PerceiverPreTrainedModel model, PerceiverInputs inputs)
    {
        var ids = inputs.Tensor;
        var positions = tensor(MaskPositions(), device: ids.device).expand(ids.shape[0], -1);
        return new Dictionary<string, Tensor> { [Logits] = ((PerceiverForMaskedLM)model).LogitsAt(ids, positions) };
    }

    /// <summary>The tokens of the text.</summary>
    internal static long[] Text() =>
        [.. Enumerable.Range(0, Bytes).Select(i => i % (Bytes / Masks) == FirstMask ? MaskId : 6L + ((i * 31) % 256))];

    /// <summary>Where the masks are.</summary>
    internal static long[] MaskPositions() => [.. Enumerable.Range(0, Masks).Select(i => (i * (long)(Bytes / Masks)) + FirstMask)];
}
