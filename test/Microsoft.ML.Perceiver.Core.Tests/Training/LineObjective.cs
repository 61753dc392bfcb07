using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver.Tests.Training;

/// <summary>A straight line through points, or what a test makes of it.</summary>
internal sealed class LineObjective : IPerceiverObjective, IDisposable
{
    private readonly TorchSharp.Modules.Linear _line = nn.Linear(1, 1);
    private readonly Queue<double>? _validation;

    internal LineObjective(int rows = 20, IEnumerable<double>? validation = null)
    {
        RowCount = rows;
        _validation = validation is null ? null : new Queue<double>(validation);
        using var gradients = no_grad();
        _line.weight.fill_(0);
        _line.bias!.fill_(0);
    }

    internal List<int[]> Batches { get; } = [];

    internal Func<int, Tensor, Tensor>? ChangeLoss { get; init; }

    internal List<float> WeightsAtEvaluation { get; } = [];

    internal List<bool> TrainingModes { get; } = [];

    internal float Weight => _line.weight.item<float>();

    public nn.Module Model => _line;

    public int RowCount { get; }

    public IReadOnlyList<PerceiverMetric> Metrics => _validation is null ? [] : [new("Score", HigherIsBetter: true)];

    public int LengthOf(int row) => row % 7;

    public Tensor Loss(IReadOnlyList<int> rows, PerceiverRandom random)
    {
        Batches.Add([.. rows]);
        TrainingModes.Add(_line.training);
        var x = tensor(rows.Select(r => r / 10f).ToArray()).unsqueeze(1);
        var loss = (PerceiverRandom.Dropout(_line.forward(x), 0.1, _line.training) - (2 * x + 1)).square().mean();
        return ChangeLoss is null ? loss : ChangeLoss(Batches.Count, loss);
    }

    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        TrainingModes.Add(!_line.training);
        WeightsAtEvaluation.Add(Weight);
        var metrics = new Dictionary<string, double>();
        if (_validation is not null)
            metrics["Score"] = _validation.Dequeue();
        return metrics;
    }

    public void Dispose() => _line.Dispose();
}
