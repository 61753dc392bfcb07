using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Playground;

var defaults = new PlaygroundOptions();
var portOption = new Option<int>("--port")
{
    Description = "The port on 127.0.0.1; 0 for any free one",
    DefaultValueFactory = _ => defaults.Port,
};
var modelsOption = new Option<string?>("--models")
{
    Description = "A folder with models in folders of their names (perceiver-mini-flow, ...), preferred to the bundled ones",
};
var textModelOption = new Option<string?>("--text-model")
{
    Description = "The file of a text classifier, as samples/TextClassification saves it",
};
var uploadOption = new Option<int>("--max-upload")
{
    Description = "The largest upload in megabytes",
    DefaultValueFactory = _ => defaults.MaxUploadMegabytes,
};
var pixelsOption = new Option<int>("--max-pixels")
{
    Description = "The largest image in megapixels",
    DefaultValueFactory = _ => defaults.MaxMegapixels,
};
var command = new RootCommand("A page on this machine to try every head of the Perceiver.")
{
    portOption, modelsOption, textModelOption, uploadOption, pixelsOption,
};
command.SetAction((arguments, cancellation) => RunAsync(
    new PlaygroundOptions
    {
        Port = arguments.GetValue(portOption),
        Models = arguments.GetValue(modelsOption),
        TextRunner = arguments.GetValue(textModelOption),
        MaxUploadMegabytes = arguments.GetValue(uploadOption),
        MaxMegapixels = arguments.GetValue(pixelsOption),
    },
    cancellation));
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static async Task RunAsync(PlaygroundOptions options, CancellationToken cancellation)
{
    await using var app = PlaygroundApp.Create(options);
    try
    {
        await app.StartAsync(cancellation);
    }
    catch (IOException e)
    {
        throw new IOException($"{e.Message} --port chooses another port, 0 any free one.", e);
    }

    Console.WriteLine($"The playground is at {app.Urls.First()} . Ctrl+C ends it.");
    using var end = cancellation.Register(app.Lifetime.StopApplication);
    await app.WaitForShutdownAsync(CancellationToken.None);
}
