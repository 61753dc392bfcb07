using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>An image of 224 x 224 pixels to 1,000 scores.</summary>
internal sealed record VisionHead(string Head, PerceiverPublishedCheckpoint Checkpoint) : HeadCase(Head, Checkpoint)
{
    /// <summary>Height and width of the image.</summary>
    internal const int Side = 224;

    private const int ConvSide = 55;

    internal override double Operations
    {
        get
        {
            var c = Published.Config;
            double positions = Side * Side, before = 0;
            if (c.Architectures![0] == nameof(PerceiverForImageClassificationConvProcessing))
            {
                positions = ConvSide * ConvSide;
                before = Work.Linear(Side / 2 * (Side / 2), 7 * 7 * 3, 64);
            }
            else if (c.Architectures[0] == nameof(PerceiverForImageClassificationLearned))
            {
                before = Work.Linear(positions, 3, 256);
            }

            double width = c.LatentChannels;
            // The decoder's one query is as wide as the latents.
            return before + Work.Encoder(c, positions, c.ModelChannels)
                + Work.Cross(1, width, c.NumLatents, width, width, width, 1, constantQuery: true)
                + Work.Linear(1, width, 1000);
        }
    }

    internal override PerceiverPreTrainedModel Load(PerceiverCheckpoint checkpoint, PerceiverPrecision precision) =>
        checkpoint.Load(c => ForPrediction(PerceiverForImageClassification.Create(c, initialize: false)), precision: precision).Model;

    internal override PerceiverInputs Inputs(int batch, ScalarType type) => rand([batch, 3, Side, Side]).mul_(2).sub_(1).to(type);

    internal override IReadOnlyDictionary<string, Tensor> Forward(PerceiverPreTrainedModel model, PerceiverInputs inputs)
    {
        var output = ((PerceiverForImageClassification)model).forward(inputs.Tensor, outputAttentions: false, outputHiddenStates: false);
        return new Dictionary<string, Tensor> { [Logits] = output.Logits };
    }
}
