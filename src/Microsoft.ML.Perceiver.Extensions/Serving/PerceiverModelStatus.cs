namespace Microsoft.ML.Perceiver;

/// <summary>How a served model is.</summary>
public sealed record PerceiverModelStatus
{
    /// <summary>The model's name; empty where it was registered without one.</summary>
    public required string Name { get; init; }

    /// <summary>When the model that is served now was loaded; null where none is.</summary>
    public DateTimeOffset? LoadedAt { get; init; }

    /// <summary>Why the model could not be loaded, or not be loaded again; null where the last attempt succeeded.</summary>
    public string? LoadError { get; init; }

    /// <summary>How many requests wait for an engine.</summary>
    public int QueueLength { get; init; }

    /// <summary>How many requests may wait.</summary>
    public int MaxQueueLength { get; init; }

    /// <summary>Whether a further request would be refused now.</summary>
    public bool IsQueueFull { get; init; }
}
