using BenchmarkDotNet.Attributes;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>Loading a checkpoint of 804 MB beside reading its bytes once. The bar is a ratio of 1.5.</summary>
public class CheckpointLoad
{
    private readonly byte[] _buffer = new byte[1 << 20];
    private string _file = "";

    [GlobalSetup]
    public void Setup() => _file = Path.Combine(PublishedSize.Folder, "model.safetensors");

    [Benchmark(Baseline = true)]
    public long ReadFile()
    {
        using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long sum = 0;
        for (int read; (read = stream.Read(_buffer)) > 0;)
            sum += _buffer[0] + read;
        return sum;
    }

    [Benchmark]
    public double LoadModel() => Load(PerceiverCheckpoint.FromDirectory(PublishedSize.Folder));

    [Benchmark]
    public double LoadMapped() => Load(PerceiverCheckpoint.FromDirectory(PublishedSize.Folder).WithMappedWeights());

    // Every weight is touched too, as a mapped file would otherwise be read only later.
    private static double Load(PerceiverCheckpoint checkpoint)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var gradients = TorchSharp.torch.no_grad();
        using var model = checkpoint.Load(c => new PerceiverForMaskedLM(c, initialize: false)).Model;
        return model.parameters().Sum(p => (double)p.flatten()[TorchSharp.torch.TensorIndex.Slice(0, null, 1024)].sum().item<float>());
    }
}
