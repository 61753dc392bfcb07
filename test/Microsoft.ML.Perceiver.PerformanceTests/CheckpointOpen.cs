using BenchmarkDotNet.Attributes;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// Opening a checkpoint of 804 MB, with every tensor mapped or copied, beside reading its bytes once. The bar of mapping is a ratio of 0.2.
/// </summary>
public class CheckpointOpen
{
    private readonly CheckpointLoad _file = new();

    [GlobalSetup]
    public void Setup() => _file.Setup();

    [Benchmark(Baseline = true)]
    public long ReadFile() => _file.ReadFile();

    [Benchmark]
    public long MapTensors() => Open(isMapped: true);

    [Benchmark]
    public long CopyTensors() => Open(isMapped: false);

    private static long Open(bool isMapped)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var weights = PerceiverCheckpointWeights.Open(PublishedSize.Folder, isMapped);
        return weights.Tensors.Sum(t => weights.Get(t.Name).NumberOfElements);
    }
}
