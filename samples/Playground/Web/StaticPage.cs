using System.Reflection;

namespace Playground;

/// <summary>The page's own files, which lie in the program, and whatever else has an address of its own.</summary>
internal static class StaticPage
{
    /// <summary>Gives each file of the page its address.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string name in Assembly.GetExecutingAssembly().GetManifestResourceNames())
            Map(routes, name == "index.html" ? "" : name, Read(name), TypeOf(name));
    }

    /// <summary>Gives some content an address.</summary>
    /// <param name="routes">The addresses.</param>
    /// <param name="address">The address, without the slash at its beginning.</param>
    /// <param name="content">What is found there.</param>
    /// <param name="type">Its media type; null for the one of the address's ending.</param>
    public static void Map(IEndpointRouteBuilder routes, string address, byte[] content, string? type = null) =>
        routes.MapGet($"/{address}", async context =>
        {
            context.Response.ContentType = type ?? TypeOf(address);
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        });

    private static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".jpg" => "image/jpeg",
        ".png" => "image/png",
        _ => "application/octet-stream",
    };
}
