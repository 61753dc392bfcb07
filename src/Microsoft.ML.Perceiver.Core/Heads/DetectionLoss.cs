using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// The set loss of object detection (Carion et al. 2020, section 3.1; reference <c>ForObjectDetectionLoss</c>): each object is matched with
/// a query of its own, so that the sum of the costs is the smallest; the loss is the cross-entropy of all queries' labels, of which those
/// of queries without an object are "no object", and the absolute differences and the generalised overlap of the matched boxes.
/// </summary>
internal static class DetectionLoss
{
    // The cost of a match whose numbers are none, far above that of any other.
    private const double Unusable = 1e6;

    private const int Numbers = BoxPredictor.Numbers;

    /// <summary>The loss of a batch: the weighted mean over queries for labels, the mean over objects for boxes.</summary>
    /// <param name="logits">[batch, queries, labels + 1].</param>
    /// <param name="boxes">[batch, queries, 4], from 0 to 1.</param>
    /// <param name="targets">The objects of each image.</param>
    /// <param name="weights">The weights of the terms.</param>
    /// <exception cref="ArgumentException">The targets do not fit the outputs.</exception>
    internal static Tensor Of(
        Tensor logits, Tensor boxes, IReadOnlyList<PerceiverDetectionTarget> targets, PerceiverDetectionWeights weights)
    {
        weights.Validate();
        Check(logits, targets);
        (logits, boxes) = (logits.to(ScalarType.Float32), boxes.to(ScalarType.Float32));
        var (batch, queries, noObject) = (logits.shape[0], logits.shape[1], logits.shape[2] - 1);
        int[][] matches = Match(logits, boxes, targets, weights);
        long[] labels = new long[batch * queries];
        Array.Fill(labels, noObject);
        var places = new List<long>();
        var wanted = new List<float>();
        for (int i = 0; i < targets.Count; i++)
        {
            for (int j = 0; j < matches[i].Length; j++)
            {
                long place = i * queries + matches[i][j];
                labels[place] = targets[i].Indices[j];
                places.Add(place);
                wanted.AddRange(targets[i].Values.AsSpan(Numbers * j, Numbers));
            }
        }

        float[] ofLabels = new float[noObject + 1];
        Array.Fill(ofLabels, 1);
        ofLabels[noObject] = (float)weights.NoObject;
        var device = logits.device;
        var loss = nn.functional.cross_entropy(
            logits.flatten(0, 1), tensor(labels, device: device), tensor(ofLabels, device: device)).Times(weights.Label);
        if (places.Count == 0)
            return loss;
        var found = boxes.flatten(0, 1).index_select(0, tensor(places.ToArray(), device: device));
        var right = tensor(wanted.ToArray(), [places.Count, Numbers], device: device);
        var differences = (found - right).abs().sum().Over(places.Count);
        var apart = GeneralisedOverlaps(found, right).neg().Plus(1).mean();
        return loss.Plus(differences.Times(weights.Box)).Plus(apart.Times(weights.Overlap));
    }

    /// <summary>The query that each object is matched with.</summary>
    internal static int[][] Match(
        Tensor logits, Tensor boxes, IReadOnlyList<PerceiverDetectionTarget> targets, PerceiverDetectionWeights weights)
    {
        float[] probabilities = logits.detach().softmax(-1).cpu().contiguous().data<float>().ToArray();
        float[] numbers = boxes.detach().cpu().contiguous().data<float>().ToArray();
        int queries = (int)logits.shape[1], width = (int)logits.shape[2];
        int[][] matches = new int[targets.Count][];
        Parallel.For(0, targets.Count, i => matches[i] = HungarianMatching.Assign(CostsOf(
            targets[i],
            probabilities.AsSpan(i * queries * width, queries * width),
            numbers.AsSpan(i * queries * Numbers, queries * Numbers),
            width,
            weights)));
        return matches;
    }

    private static double[,] CostsOf(
        PerceiverDetectionTarget target,
        ReadOnlySpan<float> probabilities,
        ReadOnlySpan<float> numbers,
        int width,
        PerceiverDetectionWeights weights)
    {
        int queries = numbers.Length / Numbers;
        double[,] costs = new double[target.Indices.Length, queries];
        for (int query = 0; query < queries; query++)
        {
            var found = numbers.Slice(Numbers * query, Numbers);
            var box = Box.OfCentre(found);
            for (int i = 0; i < target.Indices.Length; i++)
            {
                double difference = 0;
                for (int n = 0; n < Numbers; n++)
                    difference += Math.Abs(found[n] - target.Values[Numbers * i + n]);
                double cost = weights.Box * difference
                    - weights.Label * probabilities[query * width + target.Indices[i]]
                    - weights.Overlap * box.GeneralisedOverlap(target.BoxAt(i));
                // Weights that diverged are for the training loop to find in the loss.
                costs[i, query] = double.IsFinite(cost) ? cost : Unusable;
            }
        }

        return costs;
    }

    /// <summary>The generalised overlap of pairs of boxes, [pairs].</summary>
    private static Tensor GeneralisedOverlaps(Tensor found, Tensor right)
    {
        var (topLeft, bottomRight) = EdgesOf(found);
        var (otherTopLeft, otherBottomRight) = EdgesOf(right);
        var shared = (minimum(bottomRight, otherBottomRight) - maximum(topLeft, otherTopLeft)).clamp_min(Scalars.Kept(0)).prod(-1);
        var all = (bottomRight - topLeft).prod(-1).Plus((otherBottomRight - otherTopLeft).prod(-1)) - shared;
        var hull = (maximum(bottomRight, otherBottomRight) - minimum(topLeft, otherTopLeft)).prod(-1);
        return shared / all - (hull - all) / hull;
    }

    private static (Tensor TopLeft, Tensor BottomRight) EdgesOf(Tensor boxes)
    {
        var (centre, half) = (boxes.narrow(-1, 0, 2), boxes.narrow(-1, 2, 2).Over(2));
        return (centre - half, centre.Plus(half));
    }

    private static void Check(Tensor logits, IReadOnlyList<PerceiverDetectionTarget> targets)
    {
        if (targets.Count != logits.shape[0])
            throw new ArgumentException($"There are {targets.Count} targets for {logits.shape[0]} images.", nameof(targets));
        for (int i = 0; i < targets.Count; i++)
        {
            if (targets[i].Indices.Length > logits.shape[1])
            {
                throw new ArgumentException(
                    $"The image {i} has {targets[i].Indices.Length} objects; the model has {logits.shape[1]} queries (num_queries).",
                    nameof(targets));
            }

            if (targets[i].Indices.Any(label => label >= logits.shape[2] - 1))
            {
                throw new ArgumentException(
                    $"The image {i} has the label {targets[i].Indices.Max()}; the model has {logits.shape[2] - 1} labels.",
                    nameof(targets));
            }
        }
    }
}
