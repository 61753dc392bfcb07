namespace Microsoft.ML.Perceiver;

/// <summary>
/// TorchSharp's native libraries cannot be loaded. The message names the cause (the file, and what is wrong with it or
/// missing) and the remedy (the package to add, the environment variable to set).
/// </summary>
public sealed class TorchRuntimeException : InvalidOperationException
{
    /// <summary>Creates the exception without a cause.</summary>
    public TorchRuntimeException()
        : base("TorchSharp's native libraries cannot be loaded.")
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The cause and the remedy.</param>
    public TorchRuntimeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">The cause and the remedy.</param>
    /// <param name="innerException">The loader's exception.</param>
    public TorchRuntimeException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
