using System.Diagnostics;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Tells whether it is a prediction engine that disposes a model. Engines dispose their transformer unless they are made with
/// <see cref="PredictionEngineOptions.OwnsTransformer"/> false, and a pool or a container makes and disposes many engines of one model.
/// ML.NET passes nothing along by which a transformer could know; only the stack tells.
/// </summary>
internal sealed class EngineDisposals
{
    // The runtime inlines a method into its caller, where the stack no longer shows it, once it has called the caller 30 times and then
    // profiled 30 calls of it.
    private const int CallsBeforeInlining = 60;

    private static int _seen;
    private int _engines;

    /// <summary>Counts an engine of the model by the row that it reads from; rows of data views are cursors.</summary>
    internal void Count(DataViewRow input)
    {
        if (input is not DataViewRowCursor)
            Interlocked.Increment(ref _engines);
    }

    /// <summary>
    /// Whether the disposal that goes on is an engine's. Where the stack may no longer tell, because this process has disposed many engines
    /// with their models, it is taken for one as long as there are engines that have not been disposed: a model that lives too long is
    /// collected, one that is released too early fails its users.
    /// </summary>
    internal bool IsGoingOn()
    {
        if (Volatile.Read(ref _engines) <= 0)
            return false;
        if (IsOnStack())
            Interlocked.Increment(ref _seen);
        else if (Volatile.Read(ref _seen) < CallsBeforeInlining)
            return false;
        Interlocked.Decrement(ref _engines);
        return true;
    }

    private static bool IsOnStack() => new StackTrace(fNeedFileInfo: false).GetFrames()
        .Select(frame => frame.GetMethod()?.DeclaringType)
        .Any(type => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(PredictionEngineBase<,>));
}
