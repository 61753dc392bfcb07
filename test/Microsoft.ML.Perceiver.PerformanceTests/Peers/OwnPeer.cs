using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A head of this library.</summary>
internal sealed class OwnPeer : IPeer
{
    private readonly HeadCase _head;
    private readonly PerceiverPreTrainedModel _model;
    private readonly PerceiverInputs _inputs;

    internal OwnPeer(HeadCase head, string checkpointFolder, PerceiverPrecision precision)
    {
        _head = head;
        _inputs = PeerInputs.Of(head, precision.ToScalarType());
        _model = head.Load(PerceiverCheckpoint.FromDirectory(checkpointFolder).WithMappedWeights(), precision);
        _model.PrepareForInference();
    }

    public float[] Run()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        return [.. _head.Forward(_model, _inputs).SelectMany(output => Numbers(output.Key, output.Value))];
    }

    public void Dispose() => _model.Dispose();

    // A decoder of pixels in ONNX has the colours last.
    private static float[] Numbers(string name, Tensor output)
    {
        var ordered = name == PerceiverForMultimodalAutoencoding.Image ? output.permute(0, 1, 3, 4, 2) : output;
        return ordered.to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }
}
