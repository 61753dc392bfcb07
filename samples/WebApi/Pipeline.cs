using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Logging;

namespace WebApi;

/// <summary>What every server here does with a request before an endpoint sees it.</summary>
internal static class Pipeline
{
    /// <summary>A builder with the server's address and limits.</summary>
    /// <param name="url">Where it listens.</param>
    /// <param name="largestBody">The largest body that is read, in bytes.</param>
    /// <param name="options">What it takes from whom.</param>
    public static WebApplicationBuilder CreateBuilder(string url, int largestBody, ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // A start that fails is an exception, which says it in a line; the host would log its stack as well.
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.WebHost.UseUrls(url);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = largestBody);
        builder.Services.AddProblemDetails();
        builder.Services.AddHostFiltering(filter => filter.AllowedHosts = [.. options.Hosts]);
        builder.Services.AddRateLimiter(limiter => Limits.Set(limiter, options));
        return builder;
    }

    /// <summary>Builds the application with its steps before the endpoints.</summary>
    /// <param name="builder">The builder.</param>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        // What nobody foresaw is 500 with no more than that; the log has the rest.
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseHostFiltering();
        app.UseRateLimiter();
        return app;
    }

    /// <summary>Starts an application; where that fails, it is disposed.</summary>
    /// <param name="app">The application.</param>
    /// <exception cref="IOException">The address cannot be listened at, because another program does for example.</exception>
    public static async Task StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            await app.DisposeAsync();
            throw new IOException($"{e.Message} --url names another place to listen.", e);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>The address that an application listens at; of port 0, the port that was found.</summary>
    /// <param name="app">The application.</param>
    public static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
