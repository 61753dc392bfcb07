namespace AutoML;

/// <summary>What became of a trial.</summary>
internal enum TrialState
{
    /// <summary>It trains.</summary>
    Running,

    /// <summary>It trained all its epochs.</summary>
    Done,

    /// <summary>It was hopeless, and ended early.</summary>
    Pruned,

    /// <summary>The search's time was up, or it was cancelled, while it trained.</summary>
    Cut,

    /// <summary>It has no model: it diverged, or it was cut before it was judged.</summary>
    Failed,
}
