namespace Microsoft.ML.Perceiver;

/// <summary>A file as the hub describes it.</summary>
/// <param name="Commit">The commit of the revision.</param>
/// <param name="Etag">The name of its content; null for a file that the commit does not have.</param>
/// <param name="Length">Its length in bytes, where the hub states it.</param>
/// <param name="Address">The address of its bytes.</param>
internal sealed record HubFile(string Commit, string? Etag, long? Length, Uri Address)
{
    /// <summary>The SHA-256 of its content, which is the etag of files in large-file storage; null for other files.</summary>
    internal string? Sha256 => Etag is { } etag && HubName.IsSha256(etag) ? etag : null;
}
