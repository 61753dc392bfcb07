using System.Net;
using System.Net.Http.Headers;

namespace Microsoft.ML.Perceiver;

/// <summary>Requests to the hub. Redirects are followed here, so that the token is sent to the endpoint only.</summary>
internal sealed class HubClient : IDisposable
{
    private const int MostRedirects = 10;

    private readonly HttpClient _client;

    internal HubClient(HubSettings settings)
    {
        Settings = settings;
        _client = settings.Options.HttpHandler is { } given
            ? new HttpClient(HubHandler.WithoutRedirects(given), disposeHandler: false)
            : new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = settings.Options.Timeout });
        _client.Timeout = Timeout.InfiniteTimeSpan;
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("Microsoft.ML.Perceiver/0.1");
        _client.DefaultRequestHeaders.AcceptEncoding.ParseAdd("identity");
    }

    internal HubSettings Settings { get; }

    /// <summary>Requests what the hub knows of a file.</summary>
    /// <exception cref="UnauthorizedAccessException">The hub requires a token, or refuses the one given.</exception>
    /// <exception cref="FileNotFoundException">There is no such model or revision.</exception>
    /// <exception cref="HttpRequestException">The hub cannot be reached or fails.</exception>
    internal Task<HubFile> HeadAsync(string id, string revision, string file, CancellationToken cancellationToken) =>
        HubRetry.RunAsync(Settings, () => HeadOnceAsync(id, revision, file, cancellationToken), cancellationToken);

    /// <summary>Requests a file's bytes from an offset on; the caller disposes the response, whose status is 200, 206 or 416.</summary>
    internal async Task<HttpResponseMessage> GetAsync(Uri address, long from, CancellationToken cancellationToken)
    {
        var (response, _) = await SendAsync(HttpMethod.Get, address, from, (_, _) => true, cancellationToken).ConfigureAwait(false);
        if (response.IsSuccessStatusCode || (from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable))
            return response;
        using (response)
            throw HubErrors.Of(response, address);
    }

    public void Dispose() => _client.Dispose();

    private async Task<HubFile> HeadOnceAsync(string id, string revision, string file, CancellationToken cancellationToken)
    {
        var address = new Uri(Settings.Endpoint, $"{id}/resolve/{Uri.EscapeDataString(revision)}/{Uri.EscapeDataString(file)}");
        // A redirect within the hub is a model's new name, and one without a commit is the hub's new address; one that leaves the hub
        // leads to the bytes, and its headers describe them.
        var (response, found) = await SendAsync(HttpMethod.Head, address, 0, IsOnHub, cancellationToken).ConfigureAwait(false);
        using (response)
            return Describe(response, address, found);
    }

    private static HubFile Describe(HttpResponseMessage response, Uri address, Uri found)
    {
        string commit = Header(response, "X-Repo-Commit") ?? "";
        bool absent = response.StatusCode == HttpStatusCode.NotFound && (Header(response, "X-Error-Code") is null or "EntryNotFound");
        if (!absent && !response.IsSuccessStatusCode && (int)response.StatusCode is not (>= 300 and < 400))
            throw HubErrors.Of(response, address);
        if (absent)
            return new HubFile(commit, null, null, address);
        string? tag = Header(response, "X-Linked-Etag") ?? Header(response, "ETag");
        if (!HubName.IsCommit(commit) || HubEtag.NameOf(tag) is not { } etag)
            throw new HttpRequestException($"The response of '{address}' is not that of a hub: commit '{commit}', etag '{tag}'.");
        return new HubFile(commit, etag, LengthOf(response), found);
    }

    // The response, and the address that it came from.
    private async Task<(HttpResponseMessage Response, Uri Address)> SendAsync(
        HttpMethod method, Uri address, long from, Func<HttpResponseMessage, Uri, bool> follow, CancellationToken cancellationToken)
    {
        for (int redirects = 0; ; redirects++)
        {
            var response = await SendOnceAsync(method, address, from, cancellationToken).ConfigureAwait(false);
            // The header as a text: .NET would take an address that begins with a slash for that of a file.
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308)
                || Header(response, "Location") is not { } location
                || !Uri.TryCreate(address, location, out var next)
                || !follow(response, next))
            {
                return (response, address);
            }

            response.Dispose();
            bool isSafe = next.Scheme == "https" || (next.Scheme == "http" && address.Scheme != "https");
            if (redirects == MostRedirects || !isSafe)
                throw new HttpRequestException($"'{address}' redirects to '{next}', which is not followed.");
            address = next;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, Uri address, long from, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        if (from > 0)
            request.Headers.Range = new RangeHeaderValue(from, null);
        if (Settings.Token is { } token && IsEndpoint(address))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Settings.Options.Timeout);
        try
        {
            return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            throw new HubTransientException(new HttpRequestException($"'{address}' cannot be reached: {e.Message}", e));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubTransientException(new HttpRequestException($"'{address}' did not answer within {Settings.Options.Timeout}.", e));
        }
    }

    private bool IsOnHub(HttpResponseMessage response, Uri location) =>
        Header(response, "X-Linked-Etag") is null && (IsEndpoint(location) || Header(response, "X-Repo-Commit") is null);

    private bool IsEndpoint(Uri address)
    {
        const UriComponents server = UriComponents.SchemeAndServer;
        return Uri.Compare(address, Settings.Endpoint, server, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
    }

    private static long? LengthOf(HttpResponseMessage response)
    {
        if (long.TryParse(Header(response, "X-Linked-Size"), out long linked))
            return linked;
        return response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
    }

    // As it was sent: .NET does not parse every etag that hubs send.
    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.First() : null;
}
