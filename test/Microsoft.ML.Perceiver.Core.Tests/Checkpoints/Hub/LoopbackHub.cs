using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Microsoft.ML.Perceiver.Tests.Checkpoints.Hub;

/// <summary>
/// A hub on this machine: resolve addresses with etags and a commit, large files through a redirect to another host, ranges; and the faults
/// that a test asks for.
/// </summary>
internal sealed class LoopbackHub : IDisposable
{
    internal const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly HttpListener _listener = new();
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _large = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Fault> _faults = new();
    private readonly int _port;

    /// <summary>Serves files as the model "owner/model" at branch "main"; those that end in bin or safetensors as large files.</summary>
    internal LoopbackHub(IEnumerable<(string Name, byte[] Bytes)> files)
    {
        foreach (var (name, bytes) in files)
        {
            _files[name] = bytes;
            if (name.EndsWith("bin", StringComparison.Ordinal) || name.EndsWith("safetensors", StringComparison.Ordinal))
                _large[name] = 1;
        }

        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            _port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        _listener.Prefixes.Add($"http://127.0.0.1:{_port}/");
        _listener.Prefixes.Add($"http://localhost:{_port}/");
        _listener.Start();
        _ = Task.Run(Serve);
    }

    internal string Endpoint => $"http://127.0.0.1:{_port}";

    /// <summary>Options that lead to this hub: few attempts, short pauses, no token, whatever the machine has set.</summary>
    internal PerceiverHubOptions Options(string cache, TimeSpan timeout) => new()
    {
        CacheDirectory = cache,
        Endpoint = Endpoint,
        Token = "",
        Offline = false,
        Attempts = 3,
        RetryDelay = TimeSpan.FromMilliseconds(5),
        Timeout = timeout,
    };

    /// <summary>The commit of "main" and "refs/pr/1".</summary>
    internal string Head { get; set; } = Commit;

    /// <summary>Answers a request in the hub's place where it returns true.</summary>
    internal Func<HttpListenerRequest, HttpListenerResponse, bool>? Instead { get; set; }

    /// <summary>Every request: method, path and, where there was one, range.</summary>
    internal ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Requests that sent the token elsewhere than to the hub.</summary>
    internal int LeakedTokens;

    /// <summary>Asked for where it is not null.</summary>
    internal string? Token { get; set; }

    /// <summary>Large files are sent slowly: so many bytes, then a pause.</summary>
    internal int? Trickle { get; set; }

    /// <summary>Replaces or adds a file; a test that does so gives the hub another <see cref="Head"/>.</summary>
    internal void Put(string name, byte[] bytes) => _files[name] = bytes;

    internal int Downloads(string file) => Requests.Count(r =>
        r.StartsWith("GET ", StringComparison.Ordinal) && r.Contains("/cdn/" + file, StringComparison.Ordinal));

    /// <summary>The next GET of a large file fails so.</summary>
    internal void Fail(Fault fault) => _faults.Enqueue(fault);

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            _ = Task.Run(() => Answer(context));
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        // Raw, as a revision's slashes are escaped.
        string path = request.RawUrl!;
        Requests.Enqueue($"{request.HttpMethod} {path} {request.Headers["Range"]}".TrimEnd());
        try
        {
            if (Instead?.Invoke(request, response) == true)
            {
                response.Close();
                return;
            }

            if (path.StartsWith("/cdn/", StringComparison.Ordinal))
                Send(context, path[5..]);
            else
                Resolve(context, path);
            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException)
        {
            response.Abort();
        }
    }

    private void Resolve(HttpListenerContext context, string path)
    {
        var (request, response) = (context.Request, context.Response);
        if (path.StartsWith("/owner/old-name/", StringComparison.Ordinal))
        {
            response.StatusCode = 307;
            response.Headers["Location"] = path.Replace("old-name", "model", StringComparison.Ordinal);
            return;
        }

        if (Token is not null && request.Headers["Authorization"] != $"Bearer {Token}")
        {
            Refuse(response, 401, "GatedRepo");
            return;
        }

        string[] parts = path.Trim('/').Split('/');
        if (parts is not ["owner", "model", "resolve", var revision, var file])
        {
            Refuse(response, 404, "RepoNotFound");
            return;
        }

        if (Uri.UnescapeDataString(revision) is not ("main" or "refs/pr/1") && revision != Head)
        {
            Refuse(response, 404, "RevisionNotFound");
            return;
        }

        response.Headers["X-Repo-Commit"] = Head;
        if (!_files.TryGetValue(file, out byte[]? bytes))
        {
            Refuse(response, 404, "EntryNotFound");
        }
        else if (_large.ContainsKey(file))
        {
            response.StatusCode = 302;
            response.Headers["X-Linked-Etag"] = $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"";
            response.Headers["X-Linked-Size"] = bytes.Length.ToString(System.Globalization.CultureInfo.InvariantCulture);
            // The large files lie on another host.
            response.Headers["Location"] = $"http://localhost:{_port}/cdn/{file}";
        }
        else
        {
            response.Headers["ETag"] = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..40]}\"";
            response.ContentLength64 = bytes.Length;
            if (request.HttpMethod == "GET")
                response.OutputStream.Write(bytes);
        }
    }

    private void Send(HttpListenerContext context, string file)
    {
        var (request, response) = (context.Request, context.Response);
        if (request.Headers["Authorization"] is not null)
            Interlocked.Increment(ref LeakedTokens);
        _faults.TryDequeue(out var fault);
        byte[] bytes = _files[file];
        int from = request.Headers["Range"] is { } range && fault != Fault.IgnoreRange
            ? int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture)
            : 0;
        switch (fault)
        {
            case Fault.TooManyRequests:
                response.Headers["Retry-After"] = "0";
                response.StatusCode = 429;
                return;
            case Fault.ServerError:
                response.StatusCode = 503;
                return;
            case Fault.NotSatisfiable:
                response.StatusCode = 416;
                return;
            case Fault.WrongBytes:
                bytes = [.. bytes.Select(b => (byte)~b)];
                break;
            case Fault.Forbidden:
                response.StatusCode = 403;
                return;
        }

        if (from > 0)
        {
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{bytes.Length - 1}/{bytes.Length}";
        }

        response.ContentLength64 = bytes.Length - from;
        int end = fault == Fault.Cut ? from + ((bytes.Length - from) / 2) : bytes.Length;
        for (int at = from; at < end;)
        {
            int count = Math.Min(Trickle ?? (fault == Fault.Stall ? 1000 : end), end - at);
            response.OutputStream.Write(bytes, at, count);
            response.OutputStream.Flush();
            at += count;
            if (Trickle is not null)
                Thread.Sleep(20);
            if (fault == Fault.Stall)
                Thread.Sleep(2000);
        }

        if (fault == Fault.Cut)
            response.Abort();
    }

    private static void Refuse(HttpListenerResponse response, int status, string code)
    {
        response.StatusCode = status;
        response.Headers["X-Error-Code"] = code;
    }
}
