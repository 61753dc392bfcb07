using System.Text;
using FillMask;
using Microsoft.ML.Perceiver;
using Microsoft.ML.Perceiver.Models;

namespace Playground;

/// <summary>Fills the masks of a text.</summary>
internal sealed class FillMaskHead : IHead
{
    private const int MostFillings = 20;
    private readonly ModelShelf _shelf;
    private readonly LoadedModel<CancellableFiller> _model;

    public FillMaskHead(ModelShelf shelf, SemaphoreSlim gate)
    {
        _shelf = shelf;
        _model = new(gate, () => CancellableFiller.Load(shelf.Find(BundledModels.MiniLanguage), MostFillings));
    }

    public string Name => "fill-mask";

    public HeadState State => _shelf.StateOf(Name, BundledModels.MiniLanguage, config =>
        ($"Reads bytes, up to {BytesOf(config)} of them; each mask is one byte.", new { maxBytes = BytesOf(config) })) with
    {
        Doubt = Doubt,
        Examples = FillMaskExamples.All,
    };

    // Measured on 250 sentences of a novel that the bundled model has not read, one to three letters of a word masked.
    private static Doubt Doubt { get; } = new(
        0.5, "Below 50 %, 22 % of the bundled model's best fillings are right; above, 84 % are.");

    public async Task AnswerAsync(HttpContext context)
    {
        var question = await JsonBody.ReadAsync<Question>(context);
        if (string.IsNullOrEmpty(question?.Text))
            throw new UserException("There is no text.");
        string masked = MaskedText.Expand(question.Text);
        if (!masked.Contains(MaskedText.Mask, StringComparison.Ordinal))
            throw new UserException("There is no mask in the text: write _ or [MASK] where a letter is wanted.");
        int bytes = Encoding.UTF8.GetByteCount(masked.Replace(MaskedText.Mask, "_", StringComparison.Ordinal));
        int most = BytesOf(_shelf.Find(BundledModels.MiniLanguage).Config);
        if (bytes > most)
            throw new UserException($"The text has {bytes} bytes; the model reads {most} at most.");
        var (found, attention) = await _model.UseAsync(
            filler => filler.Fill(masked, context.RequestAborted), context.RequestAborted);
        int count = Math.Clamp(question.Top ?? 5, 1, MostFillings);
        var fillings = found
            .Take(count)
            .Select(f => new { text = f.Text, pieces = MaskedText.Pieces(masked, f.Text), probability = f.Probability });
        bool unsure = found[0].Probability < Doubt.Threshold;
        string code = FillMaskCode.Of(_shelf.CodeFor(BundledModels.MiniLanguage), masked, MostFillings);
        await context.Response.WriteAsJsonAsync(new { fillings, unsure, attention, code }, context.RequestAborted);
    }

    public void Dispose() => _model.Dispose();

    // The first and the last token are the text's marks.
    private static int BytesOf(PerceiverConfig config) => config.MaxPositionEmbeddings - 2;

    private sealed record Question(string? Text, int? Top);
}
