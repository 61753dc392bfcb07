namespace Microsoft.ML.Perceiver;

/// <summary>A failure that may pass.</summary>
/// <param name="cause">What the caller is told when it does not.</param>
/// <param name="retryAfter">How long the hub asks to wait.</param>
internal sealed class HubTransientException(Exception cause, TimeSpan? retryAfter = null) : Exception(cause.Message, cause)
{
    internal Exception Cause { get; } = cause;

    internal TimeSpan? RetryAfter { get; } = retryAfter;
}
