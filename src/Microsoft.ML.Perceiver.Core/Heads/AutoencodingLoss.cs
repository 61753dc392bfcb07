using static Microsoft.ML.Perceiver.PerceiverForMultimodalAutoencoding;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>The loss of the multimodal autoencoder over the points that were decoded.</summary>
internal static class AutoencodingLoss
{
    internal static Tensor Compute(
        IReadOnlyDictionary<string, Tensor> outputs,
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
                    terms.Add(SquaredError(outputs[Image], Chosen(Pixels(target, extents))).Times(weights.Image));
                    break;
                case Audio:
                    terms.Add(SquaredError(outputs[Audio], Chosen(Patches(target, extents)).flatten(1)).Times(weights.Audio));
                    break;
                case Label:
                    terms.Add(LabelError(outputs[Label], target).Times(weights.Label));
                    break;
                default:
                    throw new ArgumentException($"There is no target '{name}'; there are {Audio}, {Image}, {Label}.", nameof(targets));
            }

            Tensor Chosen(Tensor whole) => chosen is null ? whole : whole.index_select(1, chosen);
        }

        if (terms.Count == 0)
            throw new ArgumentException("There is no target.", nameof(targets));
        return terms.Aggregate((a, b) => a.Plus(b)).MoveToOuterDisposeScope();
    }

    // In float32 whatever the weights are: reduced precision would lose the squares of small errors.
    private static Tensor SquaredError(Tensor output, Tensor target) =>
        nn.functional.mse_loss(output.to(ScalarType.Float32), target.to(ScalarType.Float32));

    private static Tensor LabelError(Tensor scores, Tensor target)
    {
        if (target.dtype != ScalarType.Int64 || target.dim() != 1 || target.shape[0] != scores.shape[0])
            throw WrongShape(Label, target, $"Int64 [{scores.shape[0]}]");
        const long ignored = PerceiverForMaskedLM.IgnoredLabel;
        var sum = nn.functional.cross_entropy(
            scores.to(ScalarType.Float32), target, ignore_index: ignored, reduction: nn.Reduction.Sum);
        // Without any label the mean would be 0 / 0.
        return sum / target.ne(Scalars.Kept(ignored)).sum().clamp(min: Scalars.Kept(1));
    }

    private static Tensor Pixels(Tensor target, PerceiverMultimodalExtents e)
    {
        if (target.dim() != 5 || !target.shape.AsSpan(1).SequenceEqual([e.Frames, 3, e.Height, e.Width]))
            throw WrongShape(Image, target, $"floats [batch, {e.Frames}, 3, {e.Height}, {e.Width}]");
        return target.permute(0, 1, 3, 4, 2).reshape(target.shape[0], -1, 3);
    }

    private static Tensor Patches(Tensor target, PerceiverMultimodalExtents e)
    {
        if (target.dim() is not (2 or 3) || target.shape[1] != e.Samples || target.NumberOfElements != target.shape[0] * e.Samples)
            throw WrongShape(Audio, target, $"floats [batch, {e.Samples}] or [batch, {e.Samples}, 1]");
        return target.reshape(target.shape[0], -1, e.SamplesPerPatch);
    }

    private static ArgumentException WrongShape(string name, Tensor target, string needed) =>
        new($"The target '{name}' is {target.dtype} [{string.Join(", ", target.shape)}]; it needs to be {needed}.");
}
