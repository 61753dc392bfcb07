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

    /// <summary>Records the commit of a revision, where the cache can be written.</summary>
    internal void SetCommit(string revision, string commit)
    {
        if (revision != commit && CommitOf(revision) != commit)
            TryWrite(Path.Combine(_root, "refs", revision), commit);
    }

    /// <summary>The folder of a revision's last known commit; null where its configuration or weights are not complete.</summary>
    internal string? Complete(string revision)
    {
        if (CommitOf(revision) is not { } commit || Find(commit, CheckpointFiles.Config) is null)
            return null;
        string? weights = CheckpointFiles.Weights.Select(name => Find(commit, name)).FirstOrDefault(path => path is not null);
        return weights is not null && Shards(weights).All(s => Find(commit, s) is not null) ? Snapshot(commit) : null;
    }

    /// <summary>The names of the shards, where the weights' file is an index; else none.</summary>
    internal static IEnumerable<string> Shards(string weights) =>
        weights.EndsWith(CheckpointFiles.Index, StringComparison.Ordinal)
            ? ShardIndex.Read(weights).Shards.Select(s => Path.GetFileName(s.Path))
            : [];

    /// <summary>A file of a commit; null where the cache does not have it.</summary>
    internal string? Find(string commit, string file)
    {
        string path = Path.Combine(Snapshot(commit), file);
        return IsFile(path) ? path : null;
    }

    internal bool IsKnownAbsent(string commit, string file) => File.Exists(Absent(commit, file));

    /// <summary>Records that a commit does not have a file, where the cache can be written.</summary>
    internal void SetAbsent(string commit, string file) => TryWrite(Absent(commit, file), "");

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

    // What is recorded here only spares requests, so that a cache that cannot be written is used as it is.
    private static void TryWrite(string path, string text)
    {
        try
        {
            AtomicFile.WriteText(path, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private string Absent(string commit, string file) => Path.Combine(_root, ".no_exist", commit, file);
}
