using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Perceiver.Tests.Modules;

namespace Microsoft.ML.Perceiver.Extensions.Tests.Docs;

/// <summary>The code of docs/dependency-injection.md is compiled and does what the page says.</summary>
[TestClass]
public sealed class GuideTests
{
    private static string Page => File.ReadAllText(Path.Combine(
        typeof(GuideTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryFolder").Value!,
        "docs",
        "dependency-injection.md"));

    [TestMethod]
    public void The_pages_code_is_the_programs()
    {
        var blocks = Blocks();
        string[] shown =
        [
            .. Page.Split("```csharp\n").Skip(1).Select(rest => rest[..rest.IndexOf("```", StringComparison.Ordinal)].TrimEnd()),
        ];
        foreach (string code in shown)
            Assert.Contains(code, blocks.Values, $"The page has code that GuideProgram.cs does not have:\n{code}");
        CollectionAssert.AreEquivalent(blocks.Values.ToArray(), shown);
    }

    [TestMethod]
    public void The_page_lists_all_instruments_and_options()
    {
        string page = Page;
        string[] names =
        [
            "perceiver.requests", "perceiver.failures", "perceiver.reloads", "perceiver.request.duration", "perceiver.queue.length",
            .. typeof(PerceiverPoolOptions<ModelInput, ModelOutput>).GetProperties().Select(p => p.Name),
        ];
        foreach (string name in names)
            Assert.Contains($"`{name}`", page);
    }

    [TestMethod]
    public async Task The_program_serves_a_model_that_was_saved_as_the_page_says()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            Train();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = folder.Path });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        await using var app = GuideProgram.Build(builder);
        await app.StartAsync();
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var response = await http.PostAsJsonAsync("/predict", new { text = "win 9 pounds" });
        Assert.AreEqual(HttpStatusCode.OK, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(answer.GetProperty("label").GetString(), new[] { "ham", "spam" });
        Assert.AreEqual("Healthy", await http.GetStringAsync("/health"));

        var pool = app.Services.GetRequiredService<PerceiverPool<ModelInput, ModelOutput>>();
        var scores = await GuideProgram.ScoresByLabelAsync(pool, new ModelInput { Text = "win 9 pounds" });
        Assert.AreEqual(answer.GetProperty("label").GetString(), scores.MaxBy(s => s.Value).Key);
        Assert.AreEqual(answer.GetProperty("probability").GetSingle(), scores.Values.Max(), TinyModels.Rounding);
        await app.StopAsync();
    }

    [TestMethod]
    public async Task Further_registrations_of_the_page_load_and_predict()
    {
        using var folder = new TemporaryFolder();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            Train();
            File.Copy("MyModel.mlnet", "Mail.mlnet");
            File.Copy("MyModel.mlnet", "Chat.mlnet");
            await using var services = Services.Build(s =>
            {
                GuideProgram.RegisterNamed(s);
                GuideProgram.ConfigureEngines(s);
                GuideProgram.RegisterSchema(s);
            });
            var pool = services.GetRequiredService<PerceiverPool<ModelInput, ModelOutput>>();
            var named = await GuideProgram.PredictNamedAsync(pool, new ModelInput { Text = "hello" });
            var messages = services.GetRequiredService<PerceiverPool<Message, ModelOutput>>();
            var other = await messages.PredictAsync(new Message { Body = "hello" });
            Assert.AreEqual(named.Score[0], other.Score[0], TinyModels.Rounding);
            Assert.AreEqual(100, pool.GetStatus().MaxQueueLength);

            var gpu = new ServiceCollection();
            GuideProgram.RegisterGpu(gpu);
            Assert.IsNotEmpty(gpu);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static void Train()
    {
        var mlContext = new MLContext(seed: 1);
        var rows = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 16).Select(i => i % 2 == 0
            ? new ModelInput { Label = "ham", Text = $"see you at {i}" }
            : new ModelInput { Label = "spam", Text = $"win {i} pounds" }));
        GuideProgram.SaveModel(mlContext, new PerceiverTrainingOptions { Epochs = 1, BatchSize = 8, ValidationFraction = 0 }, rows);
    }

    // The program's blocks by name, without their indentation.
    private static Dictionary<string, string> Blocks([CallerFilePath] string here = "")
    {
        var blocks = new Dictionary<string, string>();
        string? name = null;
        var lines = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "GuideProgram.cs")))
        {
            string text = line.Trim();
            if (text == "// docs: end")
            {
                int indentation = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
                blocks[name!] = string.Join('\n', lines.Select(l => l.Length > 0 ? l[indentation..] : l)).TrimEnd();
                (name, lines) = (null, []);
            }
            else if (text.StartsWith("// docs: ", StringComparison.Ordinal))
            {
                name = text["// docs: ".Length..];
            }
            else if (name is not null)
            {
                lines.Add(line);
            }
        }

        return blocks;
    }
}
