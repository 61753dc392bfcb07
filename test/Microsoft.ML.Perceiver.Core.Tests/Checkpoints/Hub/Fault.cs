namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>What goes wrong with an answer of the hub.</summary>
public enum Fault
{
    None,
    TooManyRequests,
    ServerError,
    Cut,
    WrongBytes,
    IgnoreRange,
    NotSatisfiable,
    Forbidden,
    Stall,
}
