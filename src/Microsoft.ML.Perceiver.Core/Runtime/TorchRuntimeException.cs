namespace Microsoft.ML.Perceiver;

/// <summary>libtorch could not be loaded; the message names the cause and the remedy.</summary>
public sealed class TorchRuntimeException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public TorchRuntimeException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Cause and remedy.</param>
    public TorchRuntimeException(string message) : base(message)
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">Cause and remedy.</param>
    /// <param name="innerException">What the system said.</param>
    public TorchRuntimeException(string message, Exception? innerException) : base(message, innerException)
    {
    }
}
