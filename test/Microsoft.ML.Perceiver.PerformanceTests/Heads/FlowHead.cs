using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The motion between two frames of 368 x 496 pixels.</summary>
internal sealed record FlowHead() : HeadCase("flow", PerceiverPublishedCheckpoints.OpticalFlow)
{
    internal override double Operations
    {
        get
        {
            var c = Published.Config;
            double pixels = (double)c.TrainSize[0] * c.TrainSize[1], width = c.ModelChannels, latent = c.LatentChannels;
            return Work.Linear(pixels, 2 * PerceiverForOpticalFlow.PatchChannels, 64) + Work.Encoder(c, pixels, width)
                + Work.Cross(pixels, width, c.NumLatents, latent, latent, latent, 1, constantQuery: false)
                + Work.Linear(pixels, width, 2);
        }
    }

    internal override PerceiverPreTrainedModel Load(PerceiverCheckpoint checkpoint, PerceiverPrecision precision) =>
        checkpoint.Load(c => ForPrediction(new PerceiverForOpticalFlow(c, initialize: false)), precision: precision).Model;

    internal override PerceiverInputs Inputs(int batch, ScalarType type)
    {
        var size = Published.Config.TrainSize;
        return rand([batch, PerceiverForOpticalFlow.Frames, PerceiverForOpticalFlow.PatchChannels, size[0], size[1]]).to(type);
    }

    internal override IReadOnlyDictionary<string, Tensor> Forward(PerceiverPreTrainedModel model, PerceiverInputs inputs)
    {
        var output = ((PerceiverForOpticalFlow)model).forward(inputs.Tensor, outputAttentions: false, outputHiddenStates: false);
        return new Dictionary<string, Tensor> { [Logits] = output.Logits };
    }
}
