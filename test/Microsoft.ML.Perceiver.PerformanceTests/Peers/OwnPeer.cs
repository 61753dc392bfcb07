using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The fill-mask head of this library.</summary>
internal sealed class OwnPeer : IPeer
{
    private readonly FillMaskHead _head = new();
    private readonly PerceiverPreTrainedModel _model;
    private readonly PerceiverInputs _inputs;

    internal OwnPeer(string checkpointFolder, PerceiverPrecision precision)
    {
        TorchRuntime.EnsureLoaded();
        _model = _head.Load(PerceiverCheckpoint.FromDirectory(checkpointFolder).WithMappedWeights(), precision);
        _model.PrepareForInference();
        _inputs = _head.Inputs(1, precision.ToScalarType());
    }

    public float[] Run()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        return _head.Forward(_model, _inputs)[HeadCase.Logits].to(ScalarType.Float32).contiguous().data<float>().ToArray();
    }

    public void Dispose() => _model.Dispose();
}
