namespace Cluster.Grains;

/// <summary>A version of a model cannot be served, and the older one goes on.</summary>
[GenerateSerializer, Alias("perceiver.model-swap-exception")]
public sealed class ModelSwapException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ModelSwapException()
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, with the silo, the task and the version.</param>
    public ModelSwapException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, with the silo, the task and the version.</param>
    /// <param name="innerException">The cause.</param>
    public ModelSwapException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
