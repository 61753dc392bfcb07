namespace Cluster.Hosting;

/// <summary>Errors of the way to a silo, not of the request: another silo may answer it.</summary>
internal static class Transient
{
    /// <summary>Whether an error is one.</summary>
    /// <param name="error">The error.</param>
    public static bool Is(Exception error) =>
        error is OrleansMessageRejectionException or SiloUnavailableException or ClientNotAvailableException or TimeoutException
            or Orleans.Runtime.Messaging.ConnectionFailedException;
}
