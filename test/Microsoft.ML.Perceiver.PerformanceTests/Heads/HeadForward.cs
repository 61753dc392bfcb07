using BenchmarkDotNet.Attributes;
using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>
/// A forward pass of each head at its published size, by precision and batch, as BenchmarkDotNet measures it: with its errors and
/// deviations, in one process. <see cref="HeadFigures"/> has the memory, in processes of their own.
/// </summary>
public class HeadForward
{
    private readonly List<IDisposable> _owned = [];
    private HeadCase _head = null!;
    private PerceiverPreTrainedModel _model = null!;
    private PerceiverInputs _inputs;

    /// <summary>What is run: <see cref="Cases"/> has it in names that a table can show.</summary>
    [ParamsSource(nameof(Cases))]
    public string Case { get; set; } = "";

    /// <summary>The heads, precisions and batches that were chosen.</summary>
    public static IReadOnlyList<string> Cases { get; set; } = [];

    /// <summary>A folder of checkpoints; null for random weights.</summary>
    public static string? Weights { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string[] parts = Case.Split('/');
        _head = HeadCase.Find(parts[0]);
        var precision = Enum.Parse<PerceiverPrecision>(parts[1]);
        TorchRuntime.EnsureLoaded();
        var folders = new HeadFolder(Weights);
        _owned.Add(folders);
        _owned.Add(_model = _head.Load(PerceiverCheckpoint.FromDirectory(folders.Of(_head)).WithMappedWeights(), precision));
        _inputs = _head.Inputs(int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), precision.ToScalarType());
    }

    [Benchmark]
    public void Forward()
    {
        using var inference = inference_mode();
        _head.Run(_model, _inputs);
    }

    [GlobalCleanup]
    public void Cleanup() => _owned.ForEach(o => o.Dispose());
}
