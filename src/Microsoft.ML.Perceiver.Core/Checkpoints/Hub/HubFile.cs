namespace Microsoft.ML.Perceiver;

/// <summary>What the hub says of a file.</summary>
/// <param name="Commit">The commit that the revision is at.</param>
/// <param name="Etag">The name of its content; null for a file that the commit does not have.</param>
/// <param name="Length">Its length in bytes, where the hub states it.</param>
/// <param name="Address">Where it is asked for.</param>
internal sealed record HubFile(string Commit, string? Etag, long? Length, Uri Address)
{
    /// <summary>The SHA-256 of its content: the etag of what lies in large-file storage.</summary>
    internal string? Sha256 => Etag is { } etag && HubName.IsSha256(etag) ? etag : null;
}
