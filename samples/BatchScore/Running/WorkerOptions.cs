using BatchScore.Planning;

namespace BatchScore.Running;

/// <summary>How a job's processes run. None of it changes the results.</summary>
internal sealed record WorkerOptions
{
    /// <summary>The model's file.</summary>
    public required string Model { get; init; }

    /// <summary>How many processes score.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>How many threads each computes with.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How many GPUs the processes take in turn; 0 computes on the processor.</summary>
    public int Gpus { get; init; }

    /// <summary>Which shards; null for all.</summary>
    public ShardPart? Part { get; init; }

    /// <summary>How often a process that was killed is started again.</summary>
    public int Restarts { get; init; } = 3;
}
