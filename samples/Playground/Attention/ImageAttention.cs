using Microsoft.ML.Perceiver;
using static TorchSharp.torch;

namespace Playground;

/// <summary>Where a model looks in the middle square of an image, through its cross-attentions.</summary>
/// <param name="Side">Places on each side.</param>
/// <param name="Shares">The share of each place, row by row.</param>
internal sealed record ImageAttention(int Side, float[] Shares)
{
    /// <summary>Computes it; null for a model whose inputs are no square of places.</summary>
    public static ImageAttention? Of(PerceiverImageClassificationTransformer transformer, PerceiverImage image)
    {
        using var scope = NewDisposeScope();
        var map = transformer.Model.Perceiver.AttentionMap(
            transformer.ImageProcessor.Process(image), kind: PerceiverAttentionKind.CrossAttentions);
        float[] shares = map.flatten().cpu().data<float>().ToArray();
        int side = (int)Math.Sqrt(shares.Length);
        return side * side == shares.Length ? new ImageAttention(side, shares) : null;
    }
}
