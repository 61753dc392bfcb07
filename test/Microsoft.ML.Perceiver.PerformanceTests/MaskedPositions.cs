using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Decoding nine masked positions beside decoding all 2,048, at the published size.</summary>
public class MaskedPositions
{
    private PerceiverForMaskedLM _model = null!;
    private Tensor _ids = null!;
    private Tensor _positions = null!;

    [GlobalSetup]
    public void Setup()
    {
        _model = PerceiverForMaskedLM.FromPretrained(PublishedSize.Folder);
        _ids = full([1, 256], 70L);
        _positions = arange(50, 59).unsqueeze(0);
    }

    [Benchmark(Baseline = true)]
    public void AllPositions()
    {
        using var inference = inference_mode();
        _model.forward(_ids).Dispose();
    }

    [Benchmark]
    public void MaskedOnly()
    {
        using var inference = inference_mode();
        _model.LogitsAt(_ids, _positions).Dispose();
    }
}
