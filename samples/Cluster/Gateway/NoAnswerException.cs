namespace Cluster.Gateway;

/// <summary>No silo answered a request.</summary>
/// <param name="isTimeout">Whether the time was up.</param>
/// <param name="attempts">How many were made.</param>
/// <param name="last">What the last silo's way failed with.</param>
internal sealed class NoAnswerException(bool isTimeout, int attempts, string last)
    : Exception($"No silo answered in {(isTimeout ? "time" : $"{attempts} attempts")}. {last}")
{
    /// <summary>Whether the time was up.</summary>
    public bool IsTimeout => isTimeout;
}
