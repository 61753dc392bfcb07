namespace Playground;

/// <summary>A model that is loaded at its first use, and used by one request at a time.</summary>
/// <typeparam name="T">The model.</typeparam>
/// <param name="gate">What all models share.</param>
/// <param name="load">Loads it; a failure is tried again by the next request.</param>
internal sealed class LoadedModel<T>(SemaphoreSlim gate, Func<T> load) : IDisposable
    where T : class, IDisposable
{
    private T? _model;

    /// <summary>Waits for the turn and uses the model on a thread of its own.</summary>
    /// <param name="use">What is done.</param>
    /// <param name="cancellation">Ends the wait; <paramref name="use"/> looks at it itself.</param>
    /// <exception cref="UserException">The model is not there or damaged, or what was sent does not suit it.</exception>
    public async Task<TResult> UseAsync<TResult>(Func<T, TResult> use, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => use(_model ??= Load()), CancellationToken.None);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => _model?.Dispose();

    private T Load()
    {
        try
        {
            return load();
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException(StatusCodes.Status503ServiceUnavailable, $"The model cannot be loaded: {e.Message}");
        }
    }
}
