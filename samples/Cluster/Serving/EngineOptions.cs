namespace Cluster.Serving;

/// <summary>The engines of a silo.</summary>
internal sealed record EngineOptions
{
    /// <summary>Inputs of a task that are classified at once.</summary>
    public int Engines { get; init; } = Environment.ProcessorCount;

    /// <summary>Threads that libtorch computes with for each of them.</summary>
    public int ThreadsPerEngine { get; init; } = 1;

    /// <summary>Inputs, of all tasks together, that are classified or wait; a request beyond them is to go to another silo.</summary>
    public int Places { get; init; } = 128;
}
