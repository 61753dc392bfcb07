using Microsoft.ML;

namespace AutoML;

/// <summary>The best model so far. A model that loses is disposed at once, so that a search takes the memory of two.</summary>
internal sealed class BestModel : IDisposable
{
    /// <summary>The trial that it is of; null as long as there is none.</summary>
    public Trial? Trial { get; private set; }

    /// <summary>The model.</summary>
    public ITransformer? Model { get; private set; }

    /// <summary>Keeps a model if it is the best, and disposes the other.</summary>
    /// <param name="trial">Its trial.</param>
    /// <param name="model">The model.</param>
    public void Offer(Trial trial, ITransformer model)
    {
        if (!trial.IsBetterThan(Trial))
        {
            (model as IDisposable)?.Dispose();
            return;
        }

        Dispose();
        (Trial, Model) = (trial, model);
    }

    /// <summary>Disposes the model.</summary>
    public void Dispose() => (Model as IDisposable)?.Dispose();
}
