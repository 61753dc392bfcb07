using BenchmarkDotNet.Attributes;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Opening a checkpoint of 804 MB, with every tensor mapped, beside reading its bytes once. The bar is a ratio of 0.2.</summary>
public class CheckpointOpen
{
    private readonly CheckpointLoad _file = new();

    [GlobalSetup]
    public void Setup() => _file.Setup();

    [Benchmark(Baseline = true)]
    public long ReadFile() => _file.ReadFile();

    [Benchmark]
    public long MapTensors()
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var weights = PerceiverCheckpointWeights.Open(PublishedSize.Folder);
        return weights.Tensors.Sum(t => weights.Get(t.Name).NumberOfElements);
    }
}
