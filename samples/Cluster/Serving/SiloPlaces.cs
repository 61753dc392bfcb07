namespace Cluster.Serving;

/// <summary>The bound of a silo: how many inputs, of all tasks and versions together, may be classified or wait at once.</summary>
/// <param name="count">How many.</param>
internal sealed class SiloPlaces(int count)
{
    private readonly Lock _lock = new();
    private int _taken;

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Takes places for all inputs of a request, or none.</summary>
    /// <param name="inputs">How many it has.</param>
    /// <returns>Whether there were enough.</returns>
    public bool TryTake(int inputs)
    {
        lock (_lock)
        {
            if (_taken + inputs > count)
                return false;
            _taken += inputs;
            return true;
        }
    }

    /// <summary>Gives places back.</summary>
    /// <param name="inputs">How many were taken.</param>
    public void Return(int inputs)
    {
        lock (_lock)
            _taken -= inputs;
    }
}
