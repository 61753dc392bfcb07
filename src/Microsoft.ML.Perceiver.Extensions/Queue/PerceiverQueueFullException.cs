namespace Microsoft.ML.Perceiver;

/// <summary>
/// A request was refused at once, as all engines are busy and as many requests wait as <c>MaxQueueLength</c> allows. It may be sent again
/// later; a web server answers it with 503.
/// </summary>
public sealed class PerceiverQueueFullException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    public PerceiverQueueFullException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message.</param>
    public PerceiverQueueFullException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public PerceiverQueueFullException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
