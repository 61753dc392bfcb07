using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>An object that a model found.</summary>
/// <param name="Label">The index of its label.</param>
/// <param name="Score">The label's probability.</param>
/// <param name="Box">Where it is.</param>
internal readonly record struct DetectedBox(int Label, float Score, Box Box);

/// <summary>Objects of what a model gives, as the reference's <c>post_process_object_detection</c> makes them.</summary>
internal static class DetectedBoxes
{
    /// <summary>Probabilities and boxes side by side, float32 [batch, queries times (labels + 1 + 4)].</summary>
    internal static Tensor Join(Tensor logits, Tensor boxes)
    {
        var probabilities = logits.to(ScalarType.Float32).softmax(-1);
        return cat([probabilities, boxes.to(ScalarType.Float32)], -1).flatten(1);
    }

    /// <summary>The numbers that <see cref="Join"/> gives of an image.</summary>
    internal static int WidthOf(PerceiverForObjectDetection model) =>
        model.NumQueries * (model.Config.NumLabels + 1 + BoxPredictor.Numbers);

    /// <summary>The likeliest label of each query with its box, the most probable first. No object is no label.</summary>
    /// <param name="numbers">What <see cref="Join"/> gives of an image.</param>
    /// <param name="queries">The model's queries.</param>
    internal static IEnumerable<DetectedBox> Of(float[] numbers, int queries)
    {
        int width = numbers.Length / queries, labels = width - BoxPredictor.Numbers - 1;
        var found = new DetectedBox[queries];
        for (int query = 0; query < queries; query++)
        {
            var row = numbers.AsSpan(query * width, width);
            int best = Argmax.OfRows(row[..labels], labels)[0];
            found[query] = new DetectedBox(best, row[best], Box.OfCentre(row[(labels + 1)..]));
        }

        return found.OrderByDescending(box => box.Score);
    }

    /// <summary>Leaves out boxes that overlap with a more probable one of the same label.</summary>
    /// <param name="found">The boxes, the most probable first.</param>
    /// <param name="threshold">The overlap above which a box is left out.</param>
    internal static List<DetectedBox> WithoutRepeated(IEnumerable<DetectedBox> found, double threshold)
    {
        var kept = new List<DetectedBox>();
        foreach (var box in found)
        {
            if (!kept.Any(k => k.Label == box.Label && k.Box.Overlap(box.Box) > threshold))
                kept.Add(box);
        }

        return kept;
    }
}
