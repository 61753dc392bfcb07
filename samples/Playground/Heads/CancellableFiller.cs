using Microsoft.ML;
using Microsoft.ML.Perceiver;

namespace Playground;

/// <summary>
/// Fills masks one after another, from the left, until nobody waits any more: a hundred masks take many seconds. It computes what the stage
/// does, which cannot be stopped within a row.
/// </summary>
internal sealed class CancellableFiller : IDisposable
{
    private readonly PerceiverFillMaskTransformer _transformer;
    private readonly PerceiverMaskFiller _filler;
    private readonly int _count;

    private CancellableFiller(PerceiverFillMaskTransformer transformer, int count)
    {
        _transformer = transformer;
        _filler = new PerceiverMaskFiller(transformer.Model);
        _count = count;
    }

    /// <summary>Loads the model.</summary>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="count">How many fillings are wanted.</param>
    public static CancellableFiller Load(PerceiverCheckpoint checkpoint, int count)
    {
        var mlContext = new MLContext();
        var noRows = mlContext.Data.LoadFromEnumerable(Array.Empty<Row>());
        return new CancellableFiller(mlContext.Transforms.PerceiverFillMask(checkpoint).Fit(noRows), count);
    }

    /// <summary>The best fillings of a text, the best first, with their joint probabilities, and what the masks attend to.</summary>
    /// <param name="text">A text with <c>[MASK]</c>, one for each byte.</param>
    /// <param name="cancellation">Looked at before each mask.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (IReadOnlyList<(string Text, double Probability)> Fillings, IReadOnlyList<TextAttention> Attention) Fill(
        string text, CancellationToken cancellation)
    {
        int[] ids = [.. PerceiverTokenizer.Default.Encode(text).InputIds];
        var found = _filler.Fill([ids], _count, PerceiverFillMaskDecoding.LeftToRight, cancellation: cancellation)[0];
        (string Text, double Probability)[] fillings = [.. found.Select(f => (TextOf(ids, f), Math.Exp(f.LogProbability)))];
        return (fillings, TextAttention.Of(_transformer.Model, ids, fillings[0].Text));
    }

    public void Dispose() => _transformer.Dispose();

    // Without the marks of beginning and end, which the tokenizer put round the text.
    private static string TextOf(int[] ids, PerceiverMaskFilling filling) => PerceiverTokenizer.Default.Decode(
        PerceiverMaskFiller.Apply(ids, filling)[1..^1], skipSpecialTokens: false, cleanUpTokenizationSpaces: false);

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }
}
