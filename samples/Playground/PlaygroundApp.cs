using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Perceiver.Models;

namespace Playground;

/// <summary>The web application: one page, and an address for each head.</summary>
public static class PlaygroundApp
{
    /// <summary>Makes the application; nothing is loaded before its first use.</summary>
    /// <param name="options">The settings.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or a path leads nowhere.</exception>
    public static WebApplication Create(PlaygroundOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        // Empty: no file and no variable of the environment can make it listen elsewhere.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxUploadBytes;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        builder.Services.AddRoutingCore();
        // A start that fails is an exception, which says it in a line; the host would log its stack as well.
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        var app = builder.Build();
        app.Use(PageSecurity.HandleAsync);
        app.Use(Failures.HandleAsync);
        app.Use(new UploadLimit(options.MaxUploadBytes).HandleAsync);
        StaticPage.Map(app);
        ExampleFiles.Map(app);
        MapHeads(app, options);
        return app;
    }

    private static void MapHeads(WebApplication app, PlaygroundOptions options)
    {
        var shelf = new ModelShelf(options.Models);
        // A model uses every core, so one request at a time is computed.
        var gate = new SemaphoreSlim(1);
        var uploads = new Uploads(options, gate);
        IHead[] heads =
        [
            new FillMaskHead(shelf, gate),
            new ImageHead(shelf, gate, uploads),
            new FlowHead(shelf, gate, uploads),
            new VideoHead(shelf, gate, uploads),
            new TextHead(shelf, options.TextRunner, gate),
            new AlikeHead(shelf, gate),
        ];
        foreach (var head in heads)
            app.MapPost($"/api/{head.Name}", head.AnswerAsync);
        string[] models =
        [
            BundledModels.MiniLanguage, BundledModels.MiniClothing, BundledModels.MiniFlow, BundledModels.MiniVideo, BundledModels.MiniSpam,
            BundledModels.MiniSentence,
        ];
        ModelCards.Map(app, shelf, models);
        app.MapGet("/api/heads", context => context.Response.WriteAsJsonAsync(heads.Select(h => h.State), context.RequestAborted));
        app.Lifetime.ApplicationStopped.Register(() =>
        {
            foreach (var head in heads)
                head.Dispose();
            gate.Dispose();
        });
    }
}
