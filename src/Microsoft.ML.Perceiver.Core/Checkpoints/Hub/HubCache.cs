namespace Microsoft.ML.Perceiver;

/// <summary>
/// A model in the hub's own cache: <c>blobs</c> by their etags, <c>refs</c> with the commit of each revision, <c>snapshots</c> with links to the
/// blobs, and <c>.no_exist</c> for files that a commit is known not to have.
/// </summary>
internal sealed class HubCache
{
    private readonly string _root;
    private readonly string _locks;

    internal HubCache(string directory, string id)
    {
        string folder = "models--" + id.Replace("/", "--", StringComparison.Ordinal);
        _root = Path.Combine(directory, folder);
        _locks = Path.Combine(directory, ".locks", folder);
    }

    internal string Snapshot(string commit) => Path.Combine(_root, "snapshots", commit);

    internal string Blob(string etag) => Path.Combine(_root, "blobs", etag);

    internal string Lock(string etag) => Path.Combine(_locks, etag + ".lock");

    /// <summary>The commit of a revision as it was last seen; null for one that never was.</summary>
    internal string? CommitOf(string revision)
    {
        if (HubName.IsCommit(revision))
            return revision;
        string path = Path.Combine(_root, "refs", revision);
        return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && HubName.IsCommit(commit) ? commit : null;
    }

    internal void Remember(string revision, string commit)
    {
        if (revision != commit && CommitOf(revision) != commit)
            AtomicFile.WriteText(Path.Combine(_root, "refs", revision), commit);
    }

    /// <summary>A file of a commit; null where the cache does not have it.</summary>
    internal string? Find(string commit, string file) => Path.Combine(Snapshot(commit), file) is var path && IsThere(path) ? path : null;

    internal bool IsKnownAbsent(string commit, string file) => File.Exists(Absent(commit, file));

    internal void RememberAbsent(string commit, string file) => AtomicFile.WriteText(Absent(commit, file), "");

    /// <summary>Puts a blob into a snapshot.</summary>
    internal string Link(string commit, string file, string etag)
    {
        string path = Path.Combine(Snapshot(commit), file);
        Directory.CreateDirectory(Snapshot(commit));
        if (IsThere(path))
            return path;
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.Combine("..", "..", "blobs", etag));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // Not every user of Windows may make links.
            if (!IsThere(path))
                File.Copy(Blob(etag), path);
        }

        return path;
    }

    // A link whose blob is gone is there, but no file.
    private static bool IsThere(string path) =>
        new FileInfo(path) is { Exists: true } file && (file.LinkTarget is null || file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true });

    private string Absent(string commit, string file) => Path.Combine(_root, ".no_exist", commit, file);
}
