using System.Text;

namespace Playground;

/// <summary>Shows the cards of the heads' models, which lie beside their weights as README.md.</summary>
internal static class ModelCards
{
    private const string Page = """
        <!DOCTYPE html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>{0}</title>
          <link rel="icon" href="../icon.svg" type="image/svg+xml">
          <link rel="stylesheet" href="../style.css">
          <link rel="stylesheet" href="../card.css">
        </head>
        <body>
        <main class="card">
        {1}
        <p><a href="../">Back to the playground</a></p>
        </main>
        </body>
        </html>
        """;

    private static readonly CompositeFormat Format = CompositeFormat.Parse(Page);

    /// <summary>The address of a model's card; null where the model or its card is missing.</summary>
    public static string? AddressOf(ModelShelf shelf, string model) => FileOf(shelf, model) is null ? null : $"cards/{model}";

    /// <summary>Gives the cards of some models their addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, ModelShelf shelf, IEnumerable<string> models)
    {
        foreach (string model in models)
            routes.MapGet($"/cards/{model}", context => AnswerAsync(context, shelf, model));
    }

    private static async Task AnswerAsync(HttpContext context, ModelShelf shelf, string model)
    {
        string file = FileOf(shelf, model)
            ?? throw new UserException(StatusCodes.Status404NotFound, $"The model {model} is not on this machine, or it has no card.");
        string card = Markdown.ToHtml(await File.ReadAllTextAsync(file, context.RequestAborted));
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(string.Format(null, Format, model, card), context.RequestAborted);
    }

    private static string? FileOf(ModelShelf shelf, string model)
    {
        try
        {
            string file = Path.Combine(Path.GetDirectoryName(shelf.Find(model).Source)!, "README.md");
            return File.Exists(file) ? file : null;
        }
        catch (UserException)
        {
            return null;
        }
    }
}
