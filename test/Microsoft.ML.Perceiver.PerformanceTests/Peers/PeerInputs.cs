using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The input of all peers, the same in every process.</summary>
internal static class PeerInputs
{
    private const long Seed = 1;

    /// <summary>As the head takes it.</summary>
    internal static PerceiverInputs Of(HeadCase head, ScalarType type)
    {
        TorchRuntime.EnsureLoaded();
        random.manual_seed(Seed);
        return head.Inputs(1, type);
    }

    /// <summary>By the names that the inputs of an ONNX file may have.</summary>
    internal static IReadOnlyDictionary<string, Tensor> ByName(HeadCase head)
    {
        var inputs = Of(head, ScalarType.Float32);
        if (head is MultimodalHead)
            return inputs.Modalities.ToDictionary(m => m.Key, m => m.Value);
        var byName = new[] { "input_ids", "pixel_values", "inputs" }.ToDictionary(name => name, _ => inputs.Tensor);
        if (head is FillMaskHead)
            byName["positions"] = tensor(FillMaskHead.MaskPositions()).unsqueeze(0);
        return byName;
    }
}
