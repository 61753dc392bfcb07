using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Downloads one file into an incomplete file beside it, which an interrupted download leaves behind and the next one continues.
/// </summary>
internal sealed class HubDownload
{
    private const int ReportEvery = 1 << 20;

    private readonly HubClient _client;
    private readonly HubFile _file;
    private readonly string _name;
    private long _received;
    private long? _stated;

    private long Limit
    {
        get
        {
            if (_name.EndsWith(".json", StringComparison.Ordinal))
                return SmallFile.Longest;
            return _stated is null ? _client.Settings.LongestOfUnknownLength : long.MaxValue;
        }
    }

    internal HubDownload(HubClient client, HubFile file, string name)
    {
        _client = client;
        _file = file;
        _name = name;
        _stated = file.Length;
    }

    /// <summary>Downloads the file; the caller holds the file's lock.</summary>
    /// <param name="path">The path of the file, which exists only when it is complete.</param>
    /// <param name="cancellationToken">Stops the download; the bytes so far are kept for the next one.</param>
    /// <exception cref="FormatException">The bytes did not have the hash that the hub states, at several attempts.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached or fails.</exception>
    internal async Task RunAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string incomplete = path + ".incomplete";
        await HubRetry.RunAsync(_client.Settings, () => TryAsync(incomplete, cancellationToken), cancellationToken, () => _received)
            .ConfigureAwait(false);
        File.Move(incomplete, path, overwrite: true);
    }

    private async Task<bool> TryAsync(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16, useAsync: true);
        if (_file.Length is { } length && file.Length > length)
            file.SetLength(0);
        if (file.Length > Limit || _file.Length > Limit)
        {
            file.SetLength(0);
            throw TooLong();
        }

        // An earlier attempt may have ended between the last byte and the check.
        if (file.Length == 0 || file.Length != _file.Length)
            await ReceiveAsync(file, cancellationToken).ConfigureAwait(false);
        await CheckAsync(file, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task ReceiveAsync(FileStream file, CancellationToken cancellationToken)
    {
        using var response = await _client.GetAsync(_file.Address, file.Length, cancellationToken).ConfigureAwait(false);
        bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == file.Length;
        if (!continues && response.StatusCode != HttpStatusCode.OK)
        {
            file.SetLength(0);
            var error = new HttpRequestException($"'{_file.Address}' cannot be continued where it broke off.", null, response.StatusCode);
            throw new HubTransientException(error);
        }

        if (response.Content.Headers.ContentType?.MediaType == "text/html")
        {
            var error = new HttpRequestException($"'{_file.Address}' is answered with a web page, not with {_name}.");
            throw new HubTransientException(error);
        }

        if (!continues)
            file.SetLength(0);
        file.Position = file.Length;
        _stated = _file.Length ?? file.Length + response.Content.Headers.ContentLength;
        if (_stated > Limit)
            throw TooLong();
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        byte[] buffer = new byte[1 << 16];
        long reported = file.Length;
        Report(reported);
        for (int read; (read = await ReadAsync(body, buffer, cancellationToken).ConfigureAwait(false)) > 0;)
        {
            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            _received = Math.Max(_received, file.Position);
            if (file.Position > _file.Length)
                break;
            if (file.Position > Limit)
            {
                file.SetLength(0);
                throw TooLong();
            }

            if (file.Position - reported >= ReportEvery)
                Report(reported = file.Position);
        }

        await file.FlushAsync(cancellationToken).ConfigureAwait(false);
        Report(file.Length);
    }

    private async Task<int> ReadAsync(Stream body, byte[] buffer, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(_client.Settings.Options.Timeout);
        try
        {
            return await body.ReadAsync(buffer, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new HubTransientException(new HttpRequestException($"'{_file.Address}' broke off: {e.Message}", e));
        }
    }

    // A wrong file is emptied, so that the next attempt starts from the beginning.
    private async Task CheckAsync(FileStream file, CancellationToken cancellationToken)
    {
        if (_file.Length is { } length && file.Length != length)
        {
            bool isLonger = file.Length > length;
            string error = isLonger ? $"sends more than the {length} bytes that the hub states" : $"has {file.Length} bytes of {length}";
            if (isLonger)
                file.SetLength(0);
            throw new HubTransientException(new HttpRequestException($"'{_file.Address}' {error}."));
        }

        if (_file.Sha256 is not { } expected)
            return;
        file.Position = 0;
        string found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        if (found == expected)
            return;
        file.SetLength(0);
        _received = 0;
        throw new HubTransientException(new FormatException(
            $"'{_file.Address}' is damaged: its SHA-256 is {found}, not {expected}; checked from byte 0 to its end."));
    }

    private HttpRequestException TooLong()
    {
        string number = _stated?.ToString(CultureInfo.InvariantCulture) ?? "no stated number of";
        return new HttpRequestException($"'{_file.Address}' has {number} bytes; the limit is {Limit}.");
    }

    private void Report(long received) =>
        _client.Settings.Options.Progress?.Report(new PerceiverHubProgress(_name, received, _file.Length));
}
