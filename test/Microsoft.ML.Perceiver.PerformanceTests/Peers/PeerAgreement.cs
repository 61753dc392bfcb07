namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>How far the peers' outputs are from each other.</summary>
internal static class PeerAgreement
{
    /// <summary>Compares.</summary>
    /// <param name="head">The head.</param>
    /// <param name="outputs">The output of each peer.</param>
    /// <param name="tolerance">The share of 1 and the largest number that both in float32 may differ by.</param>
    /// <exception cref="InvalidOperationException">They differ by more: the peers compute different things.</exception>
    internal static IEnumerable<string> Measure(HeadCase head, IReadOnlyDictionary<PeerForm, float[]> outputs, double tolerance)
    {
        float[] own = outputs[PeerForm.Float32], onnx = outputs[PeerForm.OnnxFloat32];
        double difference = own.Zip(onnx, (a, b) => Math.Abs(a - b)).Max(), largest = own.Max(Math.Abs);
        if (own.Length != onnx.Length || !(difference < tolerance * (1 + largest)))
        {
            throw new InvalidOperationException(
                $"{head.Name}: the {own.Length} numbers of this library and the {onnx.Length} of ONNX Runtime "
                + $"differ by up to {difference}, where the largest is {largest}.");
        }

        string name = $"peers_{head.Name}";
        yield return Measured.Figure($"{name}_float32_max_difference", difference, "");
        yield return Measured.Figure($"{name}_int8_difference", Share(outputs[PeerForm.Int8], own), "of the root mean square");
        yield return Measured.Figure($"{name}_onnx_int8_difference", Share(outputs[PeerForm.OnnxInt8], onnx), "of the root mean square");
        if (head is not FillMaskHead)
            yield break;
        yield return Measured.Figure($"{name}_int8_first_choices", EqualChoices(outputs[PeerForm.Int8], own), "fraction");
        yield return Measured.Figure($"{name}_onnx_int8_first_choices", EqualChoices(outputs[PeerForm.OnnxInt8], onnx), "fraction");
    }

    private static double Share(float[] numbers, float[] expected)
    {
        double squares = numbers.Zip(expected, (a, b) => (double)(a - b) * (a - b)).Sum();
        return Math.Sqrt(squares / expected.Sum(x => (double)x * x));
    }

    private static double EqualChoices(float[] logits, float[] expected)
    {
        int vocabulary = expected.Length / FillMaskHead.MaskPositions().Length;
        return logits.Chunk(vocabulary).Zip(expected.Chunk(vocabulary), (a, b) => FirstChoice(a) == FirstChoice(b) ? 1.0 : 0.0).Average();
    }

    private static int FirstChoice(float[] logits) => Array.IndexOf(logits, logits.Max());
}
