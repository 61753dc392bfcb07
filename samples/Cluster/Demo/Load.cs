using System.Diagnostics;
using Cluster.Gateway;
using Cluster.Proxy;
using WebApi;

namespace Cluster.Demo;

/// <summary>Clients that send texts without a pause, and compare every answer with that of the version that it names.</summary>
/// <param name="address">Where to.</param>
/// <param name="texts">The texts.</param>
/// <param name="expected">What each version answers.</param>
internal sealed class Load(Uri address, IReadOnlyList<string> texts, IReadOnlyDictionary<string, Answer[]> expected)
{
    /// <summary>Clients that send at once.</summary>
    public const int Clients = 16;

    /// <summary>Texts of a request; with one the request is that of samples/WebApi.</summary>
    public int TextsPerRequest { get; init; } = 1;

    /// <summary>Whether the proxy answers, whose header names the server; there is one version.</summary>
    public bool IsProxy { get; init; }

    /// <summary>Sends a number of requests.</summary>
    /// <param name="requests">How many, of all clients together.</param>
    public async Task<LoadFindings> SendAsync(int requests)
    {
        int left = requests;
        return await RunAsync(() => Interlocked.Decrement(ref left) >= 0);
    }

    /// <summary>Sends requests while something is done.</summary>
    /// <param name="before">How long requests are sent before it.</param>
    /// <param name="action">What is done.</param>
    /// <param name="after">How long requests are sent after it.</param>
    public async Task<LoadFindings> DuringAsync(TimeSpan before, Func<Task> action, TimeSpan after)
    {
        bool goesOn = true;
        var running = RunAsync(() => Volatile.Read(ref goesOn));
        try
        {
            await Task.Delay(before);
            await action();
            await Task.Delay(after);
        }
        finally
        {
            Volatile.Write(ref goesOn, false);
            await running;
        }

        return await running;
    }

    private async Task<LoadFindings> RunAsync(Func<bool> goesOn)
    {
        var findings = new LoadFindings();
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => SendAsync(client, goesOn, findings))));
        findings.Duration = clock.Elapsed;
        return findings;
    }

    private async Task SendAsync(int client, Func<bool> goesOn, LoadFindings findings)
    {
        using var http = new HttpClient { BaseAddress = address };
        for (int i = client; goesOn(); i++)
        {
            int[] which = [.. Enumerable.Range(0, TextsPerRequest).Select(k => (i * 31 + k) % texts.Count)];
            try
            {
                await SendAsync(http, which, findings);
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException or System.Text.Json.JsonException)
            {
                findings.AddFailed(e.Message);
            }
        }
    }

    private async Task SendAsync(HttpClient http, int[] which, LoadFindings findings)
    {
        var clock = Stopwatch.StartNew();
        object body = TextsPerRequest == 1 ? new { text = texts[which[0]] } : new { texts = which.Select(w => texts[w]).ToArray() };
        using var response = await http.PostAsJsonAsync("/predict", body);
        if (!response.IsSuccessStatusCode)
        {
            findings.AddFailed($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            return;
        }

        var (answers, version, silo) = await ReadAsync(response);
        findings.Answered(silo, version, clock.Elapsed);
        if (IsOf(version, which, answers))
            return;
        bool isMixed = answers.Length > 1 && !expected.Keys.Any(v => IsOf(v, which, answers));
        findings.AddWrong($"The answer to '{texts[which[0]]}' names version '{version}', which answers otherwise.", isMixed);
    }

    private async Task<(Answer[] Answers, string Version, string Silo)> ReadAsync(HttpResponseMessage response)
    {
        if (IsProxy)
        {
            string server = response.Headers.GetValues(NextServer.Header).Single();
            return ([(await response.Content.ReadFromJsonAsync<Answer>(TextBody.Json))!], expected.Keys.Single(), server);
        }

        if (TextsPerRequest == 1)
        {
            var single = (await response.Content.ReadFromJsonAsync<SingleAnswer>(TextBody.Json))!;
            return ([new Answer(single.PredictedLabel, single.Score)], single.Version, single.Silo);
        }

        var list = (await response.Content.ReadFromJsonAsync<ListAnswer>(TextBody.Json))!;
        return ([.. list.Answers.Select(a => new Answer(a.PredictedLabel, a.Score))], list.Version, list.Silo);
    }

    private bool IsOf(string version, int[] which, Answer[] answers) =>
        expected.TryGetValue(version, out var all) && answers.Length == which.Length
        && which.Zip(answers).All(pair => all[pair.First].Equals(pair.Second, LoadTest.Tolerance));
}
