namespace Microsoft.ML.Perceiver;

/// <summary>
/// A model in the cache of Python's <c>huggingface_hub</c>: <c>blobs</c> by their etags, <c>refs</c> with the commit of each revision,
/// <c>snapshots</c> with links to the blobs, and <c>.no_exist</c> for files that a commit is known not to have.
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

    /// <summary>The last known commit of a revision; null for an unknown revision.</summary>
    internal string? CommitOf(string revision)
    {
        if (HubName.IsCommit(revision))
            return revision;
        string path = Path.Combine(_root, "refs", revision);
        return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && HubName.IsCommit(commit) ? commit : null;
    }

    internal void SetCommit(string revision, string commit)
    {
        if (revision != commit && CommitOf(revision) != commit)
            AtomicFile.WriteText(Path.Combine(_root, "refs", revision), commit);
    }

    /// <summary>A file of a commit; null where the cache does not have it.</summary>
    internal string? Find(string commit, string file)
    {
        string path = Path.Combine(Snapshot(commit), file);
        return IsFile(path) ? path : null;
    }

    internal bool IsKnownAbsent(string commit, string file) => File.Exists(Absent(commit, file));

    internal void SetAbsent(string commit, string file) => AtomicFile.WriteText(Absent(commit, file), "");

    /// <summary>Puts a blob into a snapshot.</summary>
    internal string Link(string commit, string file, string etag)
    {
        string path = Path.Combine(Snapshot(commit), file);
        Directory.CreateDirectory(Snapshot(commit));
        if (IsFile(path))
            return path;
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.Combine("..", "..", "blobs", etag));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            // On Windows not every user may create links.
            if (!IsFile(path))
                File.Copy(Blob(etag), path);
        }

        return path;
    }

    // A link exists even if its blob was deleted.
    private static bool IsFile(string path)
    {
        var file = new FileInfo(path);
        return file.Exists && (file.LinkTarget is null || file.ResolveLinkTarget(returnFinalTarget: true) is { Exists: true });
    }

    private string Absent(string commit, string file) => Path.Combine(_root, ".no_exist", commit, file);
}
