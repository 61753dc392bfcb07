namespace Microsoft.ML.Perceiver;

/// <summary>
/// One pass through a model: a cursor over data, or the rows of a prediction engine. It ends with an exception where the context is
/// cancelled while it lasts. A context stays cancelled, so one that was cancelled before, as by a training that kept its best model, ends
/// no pass: that model, and the stages before it, can still be used.
/// </summary>
/// <param name="access">Keeps the model.</param>
internal sealed class ModelPass(ModelAccess access)
{
    private readonly bool _wasCancelled = access.IsCancelled();

    /// <summary>Begins a use of the model, which the result ends.</summary>
    /// <exception cref="OperationCanceledException">The context was cancelled since the pass began.</exception>
    /// <exception cref="ObjectDisposedException">The model was closed.</exception>
    internal ModelAccess.Use Enter()
    {
        if (!_wasCancelled && access.IsCancelled())
            throw new OperationCanceledException("The ML.NET context was cancelled.");
        return access.Enter();
    }

    /// <summary>Checks that the pass may continue.</summary>
    /// <exception cref="OperationCanceledException">The context was cancelled since the pass began.</exception>
    /// <exception cref="ObjectDisposedException">The model was closed.</exception>
    internal void Check() => Enter().Dispose();
}
