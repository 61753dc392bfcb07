using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace Playground;

/// <summary>Classifies a text: with the bundled model of spam, or with a model that was trained and saved before.</summary>
internal sealed class TextHead : IHead
{
    private const int MostCharacters = 20_000;
    private readonly ModelShelf _shelf;
    private readonly string? _path;
    private readonly LoadedModel<TextClassifier> _model;

    /// <param name="shelf">Where the bundled model is found.</param>
    /// <param name="path">The file of another model; null for the bundled one.</param>
    /// <param name="gate">What all models share.</param>
    public TextHead(ModelShelf shelf, string? path, SemaphoreSlim gate)
    {
        _shelf = shelf;
        _path = path;
        _model = new(gate, () => path is null
            ? TextClassifier.Of(shelf.Find(BundledModels.MiniSpam), shelf.CodeFor(BundledModels.MiniSpam))
            : TextClassifier.OfFile(path));
    }

    public string Name => "text";

    // What is known of the bundled model is not known of a user's.
    public HeadState State => _path is not null
        ? new HeadState(Name, Path.GetFileName(_path), Missing: null, "Tells the class of a text, as it was trained.")
        : _shelf.StateOf(Name, BundledModels.MiniSpam, Describe) with { Doubt = Doubt, Examples = TextExamples.All };

    // Measured on the 1,132 test rows of the SMS Spam Collection, 20 of which are below.
    private static Doubt Doubt { get; } = new(
        0.95, "Below 95 %, 85 % of the bundled model's predictions for test messages are right; above, 99.2 % are.");

    public async Task AnswerAsync(HttpContext context)
    {
        var question = await JsonBody.ReadAsync<Question>(context);
        if (string.IsNullOrWhiteSpace(question?.Text))
            throw new UserException("There is no text.");
        if (question.Text.Length > MostCharacters)
            throw new UserException($"The text has {question.Text.Length} characters; {MostCharacters} are the most.");
        var answer = await _model.UseAsync(model => model.Classify(question.Text), context.RequestAborted);
        bool unsure = _path is null && answer.Labels[0].Probability < Doubt.Threshold;
        await context.Response.WriteAsJsonAsync(
            new { answer.Labels, unsure, answer.Attention, answer.Code }, context.RequestAborted);
    }

    public void Dispose() => _model.Dispose();

    private static (string About, object Details) Describe(PerceiverConfig config) => (
        $"Tells {string.Join(" from ", config.LabelNames)} in English text messages, of which it reads {config.MaxPositionEmbeddings - 2} "
            + "bytes.",
        new { classes = config.LabelNames.Count });

    private sealed record Question(string? Text);
}
