using static TorchSharp.torch;

namespace Microsoft.ML.Perceiver;

/// <summary>Reports the progress of a prediction of flow and checks for cancellation.</summary>
/// <param name="progress">Gets the share that is done; null for no reports.</param>
/// <param name="count">The steps of the whole prediction: batches of tiles.</param>
/// <param name="cancellation">Checked before each step.</param>
internal sealed class FlowSteps(IProgress<double>? progress, int count, CancellationToken cancellation)
{
    private int _done;

    /// <summary>Takes a step.</summary>
    internal Tensor Do(Func<Tensor> step)
    {
        cancellation.ThrowIfCancellationRequested();
        var result = step();
        progress?.Report(++_done / (double)count);
        return result;
    }

    /// <summary>Steps that are not needed count as done.</summary>
    internal void Skip(int steps)
    {
        _done += steps;
        if (steps > 0)
            progress?.Report(_done / (double)count);
    }
}
