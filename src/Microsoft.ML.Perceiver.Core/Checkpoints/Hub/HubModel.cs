namespace Microsoft.ML.Perceiver;

/// <summary>
/// A model on the hub and in the cache: its configuration, its weights in the preferred format, and the small files beside them.
/// </summary>
internal sealed class HubModel
{
    private static readonly string[] Optional =
        [PerceiverImageProcessorOptions.FileName, PerceiverTokenizer.ConfigFile, PerceiverTokenizer.TokensFile];

    private readonly string _id;
    private readonly string _revision;
    private readonly HubSettings _settings;
    private readonly HubCache _cache;

    internal HubModel(string id, string revision, PerceiverHubOptions options)
    {
        HubName.CheckId(id);
        HubName.CheckRevision(revision);
        _id = id;
        _revision = revision;
        _settings = new HubSettings(options);
        _cache = new HubCache(_settings.CacheDirectory, id);
    }

    /// <summary>Downloads the files that are not in the cache.</summary>
    /// <returns>The folder.</returns>
    internal async Task<string> FetchAsync(CancellationToken cancellationToken)
    {
        if (_settings.Offline)
        {
            return _cache.Complete(_revision) ?? throw new FileNotFoundException(
                $"'{_id}', revision '{_revision}', is not in the cache '{_settings.CacheDirectory}', "
                + "and HF_HUB_OFFLINE, or the options, forbid asking the hub.");
        }

        string? cached = _cache.Complete(_revision);
        if (cached is not null && HubName.IsCommit(_revision))
            return cached;
        using var client = new HubClient(cached is null ? _settings : _settings.ForUpdate());
        try
        {
            return await FetchAsync(client, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (HubErrors.LeaveCacheUsable(e) && _cache.Complete(_revision) is not null)
        {
            cached = _cache.Complete(_revision)!;
            HubLog.CacheUsed(TraceLogger.InPlaceOf(_settings.Options.Logger), _id, _revision, cached, e.Message);
            return cached;
        }
    }

    private async Task<string> FetchAsync(HubClient client, CancellationToken cancellationToken)
    {
        var (commit, config) = await FileAsync(client, _revision, CheckpointFiles.Config, cancellationToken).ConfigureAwait(false);
        if (config is null)
            throw new FileNotFoundException($"'{_id}', revision '{_revision}', has no {CheckpointFiles.Config}.", CheckpointFiles.Config);
        // Storage behind a hub may refuse a file that is not there.
        UnauthorizedAccessException? refusal = null;
        foreach (string file in Optional)
            await FileOrRefusalAsync(file).ConfigureAwait(false);
        refusal = null;
        foreach (string file in CheckpointFiles.Weights)
        {
            if (await FileOrRefusalAsync(file).ConfigureAwait(false) is not { } weights)
                continue;
            foreach (string shard in HubCache.Shards(weights))
            {
                if ((await FileAsync(client, commit, shard, cancellationToken).ConfigureAwait(false)).Path is null)
                    throw new FileNotFoundException($"'{_id}', commit {commit}, has no {shard}, which its {file} names.", shard);
            }

            // Not before the last file is there: until then the cache has the version before.
            _cache.SetCommit(_revision, commit);
            return _cache.Snapshot(commit);
        }

        throw refusal ?? (Exception)new FileNotFoundException(
            $"'{_id}', commit {commit}, has none of {string.Join(", ", CheckpointFiles.Weights)}.", CheckpointFiles.Weights[0]);

        async Task<string?> FileOrRefusalAsync(string file)
        {
            try
            {
                return (await FileAsync(client, commit, file, cancellationToken).ConfigureAwait(false)).Path;
            }
            catch (UnauthorizedAccessException e)
            {
                refusal ??= e;
                return null;
            }
        }
    }

    private async Task<(string Commit, string? Path)> FileAsync(
        HubClient client, string revision, string file, CancellationToken cancellationToken)
    {
        if (HubName.IsCommit(revision))
        {
            if (_cache.Find(revision, file) is { } cached)
                return (revision, cached);
            if (_cache.IsKnownAbsent(revision, file))
                return (revision, null);
        }

        var found = await client.HeadAsync(_id, revision, file, cancellationToken).ConfigureAwait(false);
        if (found.Etag is not { } etag)
        {
            if (HubName.IsCommit(found.Commit))
                _cache.SetAbsent(found.Commit, file);
            return (found.Commit, null);
        }

        if (_cache.Find(found.Commit, file) is { } known)
            return (found.Commit, known);
        using var held = await LockAsync(etag, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(_cache.Blob(etag)))
        {
            var download = new HubDownload(client, found, file);
            await download.RunAsync(_cache.Blob(etag), cancellationToken).ConfigureAwait(false);
        }

        return (found.Commit, _cache.Link(found.Commit, file, etag));
    }

    private async Task<HubLock> LockAsync(string etag, CancellationToken cancellationToken)
    {
        try
        {
            return await HubLock.AcquireAsync(_cache.Lock(etag), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The cache '{_settings.CacheDirectory}' cannot be written: {e.Message}", e);
        }
    }
}
