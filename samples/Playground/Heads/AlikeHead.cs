using System.Diagnostics;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace Playground;

/// <summary>Finds texts of like meaning among bank queries and lines of the user's.</summary>
internal sealed class AlikeHead : IHead
{
    private const string Model = BundledModels.MiniSentence;
    private const int MostCharacters = 2_000, MostLines = 200;
    private readonly ModelShelf _shelf;
    private readonly LoadedModel<AlikeSearch> _model;

    /// <param name="shelf">Where the model is found.</param>
    /// <param name="gate">What all models share.</param>
    public AlikeHead(ModelShelf shelf, SemaphoreSlim gate)
    {
        _shelf = shelf;
        _model = new(gate, () => new AlikeSearch(shelf.Find(Model)));
    }

    public string Name => "alike";

    public HeadState State => _shelf.StateOf(Name, Model, Describe) with { Examples = AlikeExamples.All };

    public async Task AnswerAsync(HttpContext context)
    {
        var question = await JsonBody.ReadAsync<Question>(context);
        string query = Checked(question?.Text ?? "", "The text");
        if (query.Length == 0)
            throw new UserException("There is no text.");
        string[] lines = LinesOf(question!.Lines ?? "");
        _ = _shelf.Find(Model);
        await JsonLines.AnswerAsync(context, (progress, cancellation) => FindAsync(query, lines, progress, cancellation));
    }

    public void Dispose() => _model.Dispose();

    private static (string About, object Details) Describe(PerceiverConfig config) => (
        $"Gives each text a vector of {config.EmbeddingSize ?? config.LatentChannels} numbers; near vectors mean alike texts. "
            + $"It searches {BankQueries.Count:n0} queries to a bank.",
        new { mostLines = MostLines });

    private async Task<object> FindAsync(
        string query, string[] lines, IProgress<JsonLines.Step> progress, CancellationToken cancellation)
    {
        progress.Report(new("Waiting for the model"));
        return await _model.UseAsync<object>(
            search =>
            {
                var clock = Stopwatch.StartNew();
                var answer = search.Find(query, lines, progress, cancellation);
                return new
                {
                    answer.Nearest,
                    answer.Terms,
                    Texts = BankQueries.Count + lines.Length,
                    Seconds = clock.Elapsed.TotalSeconds,
                    Code = AlikeCode.Of(_shelf.CodeFor(Model), query, lines),
                };
            },
            cancellation);
    }

    private static string[] LinesOf(string typed)
    {
        string[] lines = typed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length > MostLines)
            throw new UserException($"There are {lines.Length} lines; {MostLines} are the most.");
        return [.. lines.Select(line => Checked(line, "A line"))];
    }

    private static string Checked(string text, string what) => text.Length <= MostCharacters
        ? text.Trim()
        : throw new UserException($"{what} has {text.Length} characters; {MostCharacters} are the most.");

    private sealed record Question(string? Text, string? Lines);
}
