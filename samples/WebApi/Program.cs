using System.CommandLine;
using Microsoft.Extensions.Options;
using Samples;
using Spectre.Console;
using WebApi;

var modelOption = new Option<string>("--model")
{
    Description = "The saved model; where there is none, a spam filter is trained and saved there",
    DefaultValueFactory = _ => "MyModel.mlnet",
};
var epochsOption = new Option<int>("--epochs") { Description = "Epochs of that training", DefaultValueFactory = _ => 10 };
var urlOption = new Option<string>("--url") { Description = "Where to listen", DefaultValueFactory = _ => Server.DefaultUrl };
var enginesOption = new Option<int>("--engines")
{
    Description = "Requests that are scored at once",
    DefaultValueFactory = _ => Environment.ProcessorCount,
};
var loadOption = new Option<bool>("--load-test")
{
    Description = "Sends requests to itself, on a free port of this machine, compares the responses with Transform's, and ends",
};
var clientsOption = new Option<int>("--clients") { Description = "Clients of the load test", DefaultValueFactory = _ => 32 };
var secondsOption = new Option<double>("--seconds") { Description = "Duration of the load test", DefaultValueFactory = _ => 60 };
var warmUpOption = new Option<double>("--warm-up")
{
    Description = "Seconds that the clients send requests before the load test counts",
    DefaultValueFactory = _ => 15,
};
var hostsOption = new Option<string[]>("--allowed-hosts")
{
    Description = "The names that requests may call this server by",
    DefaultValueFactory = _ => [.. new ServerOptions().Hosts],
    AllowMultipleArgumentsPerToken = true,
};
var waitingOption = new Option<int>("--queue")
{
    Description = "Requests that may wait; further ones are 503",
    DefaultValueFactory = _ => new ServerOptions().MostWaiting,
};
var rateOption = new Option<int>("--rate")
{
    Description = "Requests that one address may send in a second; further ones are 429",
    DefaultValueFactory = _ => 100,
};
var inputOption = new Option<bool>("--until-input-ends") { Description = "Ends where the standard input does" };
var summaryOption = new Option<string?>("--summary")
{
    Description = "A file for the load test's figures: name, value and unit, separated by tabs",
};
foreach (var count in new[] { epochsOption, enginesOption, clientsOption, waitingOption, rateOption })
{
    count.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(int.TryParse(token.Value, out int value) && value > 0))
            result.AddError($"{count.Name} must be a positive number, not '{token.Value}'.");
    });
}

var command = new RootCommand("Serves a text classifier: POST /predict with {\"text\": \"...\"}. Ctrl+C ends it.")
{
    modelOption, epochsOption, urlOption, enginesOption, loadOption, clientsOption, secondsOption, warmUpOption, summaryOption,
    hostsOption, waitingOption, rateOption, inputOption,
};
command.SetAction(arguments =>
{
    string model = Path.GetFullPath(arguments.GetValue(modelOption)!);
    ModelFile.Ensure(model, arguments.GetValue(epochsOption));
    int engines = arguments.GetValue(enginesOption);
    var options = new ServerOptions
    {
        Hosts = arguments.GetValue(hostsOption)!,
        MostWaiting = arguments.GetValue(waitingOption),
        RequestsPerSecond = arguments.GetValue(rateOption),
    };
    if (!arguments.GetValue(loadOption))
        return ServeAsync(model, arguments.GetValue(urlOption)!, engines, options, arguments.GetValue(inputOption));
    return TestAsync(
        model,
        engines,
        arguments.GetValue(clientsOption),
        TimeSpan.FromSeconds(arguments.GetValue(warmUpOption)),
        TimeSpan.FromSeconds(arguments.GetValue(secondsOption)),
        arguments.GetValue(summaryOption));
});
try
{
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await command.Parse(args).InvokeAsync(invocation);
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException
    or InvalidOperationException or FormatException or OptionsValidationException or OperationCanceledException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static async Task<int> ServeAsync(string model, string url, int engines, ServerOptions options, bool untilInputEnds)
{
    await using var server = await Server.StartAsync(model, url, engines, options);
    AnsiConsole.WriteLine($"Listening at {server.Address}. From another terminal:");
    const string body = "{\"text\": \"You have won a prize, call now\"}";
    NextSteps.Write($"curl -H 'Content-Type: application/json' -d '{body}' {server.Address}predict");
    await UntilInputEnds.WaitAsync(server.WaitAsync(), untilInputEnds);
    return 0;
}

static async Task<int> TestAsync(string model, int engines, int clients, TimeSpan warmUp, TimeSpan duration, string? summary)
{
    string[] texts = ModelFile.Texts(256);
    var expected = ModelFile.Transform(model, texts);
    await using var server = await Server.StartAsync(model, "http://127.0.0.1:0", engines);
    AnsiConsole.WriteLine(
        $"{clients} clients send requests to {server.Address} for {duration.TotalSeconds:f0} s, "
        + $"after {warmUp.TotalSeconds:f0} to warm up; {engines} engines predict.");
    // In the middle the model is loaded once more, and takes the place of the first.
    var found = await new LoadTest(server.Address, texts, expected).RunAsync(clients, warmUp, duration, server.ReloadAsync);
    var table = new Table().AddColumns(
        "requests", "errors", "errors from the swap on", "requests a second", "median", "99 of 100 within", "growth of memory");
    table.AddRow(
        $"{found.Requests}",
        $"{found.Errors}",
        $"{found.SwapFailures}",
        $"{found.Requests / duration.TotalSeconds:f0}",
        $"{found.MedianMilliseconds:f1} ms",
        $"{found.P99Milliseconds:f1} ms",
        $"{found.MemoryGrowthPercent:f2} %");
    AnsiConsole.Write(table);
    if (found.FirstError is { } error)
        AnsiConsole.WriteLine($"The first error: {error}");
    Figures.Write(
        summary,
        ("requests", found.Requests, "requests"),
        ("errors", found.Errors, "requests"),
        ("swap_failures", found.SwapFailures, "requests"),
        ("p99_ms", found.P99Milliseconds, "ms"),
        ("memory_growth_percent", found.MemoryGrowthPercent, "%"));
    NextSteps.Write(NextSteps.Run("WebApi", "--model", model));
    return found.Errors == 0 && found.Requests > 0 ? 0 : 1;
}
