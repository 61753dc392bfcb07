using System.Reflection;

namespace Playground;

/// <summary>The page's own files, which lie in the program.</summary>
internal static class StaticPage
{
    /// <summary>Gives each file its address.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (string name in Assembly.GetExecutingAssembly().GetManifestResourceNames())
        {
            byte[] content = Read(name);
            string type = TypeOf(name);
            routes.MapGet(name == "index.html" ? "/" : $"/{name}", async context =>
            {
                context.Response.ContentType = type;
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content, context.RequestAborted);
            });
        }
    }

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
        _ => "application/octet-stream",
    };
}
