namespace Microsoft.ML.Perceiver;

/// <summary>
/// Who uses a model: its owner, and each thread that scores or saves with it. The owner may close it at any time; the last user releases
/// its memory, so that none computes with memory that is gone.
/// </summary>
/// <param name="owner">The owner, which the exception names.</param>
/// <param name="release">Releases the model's memory; called once.</param>
internal sealed class ModelAccess(object owner, Action release)
{
    private readonly Lock _lock = new();
    private int _users = 1;
    private bool _isClosed;

    /// <summary>The name of the owner's class.</summary>
    internal string OwnerName => owner.GetType().Name;

    /// <summary>Whether the user cancelled.</summary>
    internal Func<bool> IsCancelled { get; init; } = () => false;

    /// <summary>Tells the user something by ML.NET's log.</summary>
    internal Action<string> Log { get; init; } = _ => { };

    /// <summary>Begins a use of the model, which the result ends.</summary>
    /// <exception cref="ObjectDisposedException">The model was closed.</exception>
    internal Use Enter()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, owner);
            _users++;
        }

        return new Use(this);
    }

    /// <summary>Checks that the model can be used.</summary>
    /// <exception cref="ObjectDisposedException">The model was closed.</exception>
    internal void Check() => Enter().Dispose();

    /// <summary>Lets nobody begin a use from now on. The memory is released at once, or by the last who uses it.</summary>
    internal void Close()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            _isClosed = true;
        }

        Leave();
    }

    private void Leave()
    {
        bool isLast;
        lock (_lock)
            isLast = --_users == 0;
        if (isLast)
            release();
    }

    /// <summary>A use that has begun.</summary>
    internal readonly struct Use(ModelAccess access) : IDisposable
    {
        public void Dispose() => access.Leave();
    }
}
