using System.Diagnostics;
using System.Net.Http.Headers;
using Cluster.Gateway;
using WebApi;

namespace Cluster.Demo;

/// <summary>Photographs of clothes, sent to a gateway one after the other; the answers are compared with those of this process.</summary>
/// <param name="address">Where to.</param>
internal sealed class ImageLoad(Uri address)
{
    private const float Tolerance = 1e-4f;

    /// <summary>The photographs' files.</summary>
    public static IEnumerable<string> Files =>
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Data", "clothes"), "*.jpg", SearchOption.AllDirectories).Order();

    /// <summary>Sends each photograph.</summary>
    /// <param name="models">The folder of models.</param>
    public async Task<LoadFindings> SendAsync(string models)
    {
        byte[][] files = [.. Files.Select(File.ReadAllBytes)];
        var expected = DemoModels.Answers(models, files);
        var findings = new LoadFindings();
        using var http = new HttpClient { BaseAddress = address };
        var all = Stopwatch.StartNew();
        for (int i = 0; i < files.Length; i++)
            await SendAsync(http, files[i], expected[i], findings);
        findings.Duration = all.Elapsed;
        return findings;
    }

    private static async Task SendAsync(HttpClient http, byte[] file, Answer expected, LoadFindings findings)
    {
        var clock = Stopwatch.StartNew();
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        using var response = await http.PostAsync("/image", content);
        if (!response.IsSuccessStatusCode)
        {
            findings.AddFailed($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
            return;
        }

        var answer = (await response.Content.ReadFromJsonAsync<SingleAnswer>(TextBody.Json))!;
        findings.Answered(answer.Silo, answer.Version, clock.Elapsed);
        if (!expected.Equals(new Answer(answer.PredictedLabel, answer.Score), Tolerance))
            findings.AddWrong($"A photograph is {answer.PredictedLabel}, in this process {expected.PredictedLabel}.", isMixed: false);
    }
}
