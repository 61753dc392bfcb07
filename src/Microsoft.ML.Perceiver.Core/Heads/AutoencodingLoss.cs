using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The loss of the multimodal autoencoder over the points that were asked for.</summary>
internal static class AutoencodingLoss
{
    internal static Tensor Compute(
        IReadOnlyDictionary<string, Tensor> answers,
        IReadOnlyDictionary<string, Tensor> targets,
        IReadOnlyDictionary<string, Tensor>? points,
        PerceiverMultimodalExtents extents,
        PerceiverAutoencodingWeights weights)
    {
        using var scope = NewDisposeScope();
        var terms = new List<Tensor>();
        foreach (var (name, target) in targets)
        {
            var chosen = points?.GetValueOrDefault(name);
            switch (name)
            {
                case Image:
                    var pixels = Pixels(target, extents);
                    terms.Add(SquaredError(answers[Image], chosen is null ? pixels : pixels.index_select(1, chosen)) * weights.Image);
                    break;
                case Audio:
                    var patches = Patches(target, extents);
                    terms.Add(SquaredError(answers[Audio], (chosen is null ? patches : patches.index_select(1, chosen)).flatten(1)) * weights.Audio);
                    break;
                case Label:
                    if (target.dtype != ScalarType.Int64 || target.dim() != 1 || target.shape[0] != answers[Label].shape[0])
                        throw Misshapen(name, target, $"Int64 [{answers[Label].shape[0]}]");
                    // The mean over none is not a number.
                    var known = target.ne(-100).sum().clamp(min: 1);
                    terms.Add(nn.functional.cross_entropy(answers[Label].to(ScalarType.Float32), target, ignore_index: -100, reduction: nn.Reduction.Sum) / known * weights.Label);
                    break;
                default:
                    throw new ArgumentException($"There is no target '{name}'; there are {Audio}, {Image}, {Label}.", nameof(targets));
            }
        }

        if (terms.Count == 0)
            throw new ArgumentException("There is no target.", nameof(targets));
        return terms.Aggregate((a, b) => a + b).MoveToOuterDisposeScope();
    }

    // In float32 whatever the weights are: squares of small errors are lost below it.
    private static Tensor SquaredError(Tensor answer, Tensor target) =>
        nn.functional.mse_loss(answer.to(ScalarType.Float32), target.to(ScalarType.Float32));

    private static Tensor Pixels(Tensor target, PerceiverMultimodalExtents e)
    {
        if (target.dim() != 5 || !target.shape.AsSpan(1).SequenceEqual([e.Frames, 3, e.Height, e.Width]))
            throw Misshapen(Image, target, $"floats [batch, {e.Frames}, 3, {e.Height}, {e.Width}]");
        return target.permute(0, 1, 3, 4, 2).reshape(target.shape[0], -1, 3);
    }

    private static Tensor Patches(Tensor target, PerceiverMultimodalExtents e)
    {
        if (target.dim() is not (2 or 3) || target.shape[1] != e.Samples || target.NumberOfElements != target.shape[0] * e.Samples)
            throw Misshapen(Audio, target, $"floats [batch, {e.Samples}] or [batch, {e.Samples}, 1]");
        return target.reshape(target.shape[0], -1, e.SamplesPerPatch);
    }

    private static ArgumentException Misshapen(string name, Tensor target, string needed) =>
        new($"The target '{name}' is {target.dtype} [{string.Join(", ", target.shape)}]; it needs to be {needed}.");
}
