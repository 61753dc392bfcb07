namespace Microsoft.ML.Perceiver;

/// <summary>
/// The models of an experiment. The best one is the experiment's result; the others are disposed, as their weights lie outside .NET's heap.
/// </summary>
internal sealed class TrialModels
{
    private readonly List<ITransformer> _lost = [];
    private ITransformer? _best;
    // Where an experiment begins, so that both agree on which is the best.
    private double _bestLoss = double.MaxValue;

    /// <summary>Takes the model of a trial that has just ended.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">Its loss; one that is not a number loses.</param>
    internal void Add(ITransformer model, double loss)
    {
        if (!(loss < _bestLoss))
        {
            _lost.Add(model);
            return;
        }

        if (_best is not null)
            _lost.Add(_best);
        (_best, _bestLoss) = (model, loss);
    }

    /// <summary>Disposes what lost. To be called when the experiment has seen the last trial's result, and not before.</summary>
    internal void DisposeLost()
    {
        foreach (var model in _lost)
            (model as IDisposable)?.Dispose();
        _lost.Clear();
    }
}
