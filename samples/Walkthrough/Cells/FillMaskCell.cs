using static Walkthrough.Page;

namespace Walkthrough.Cells;

internal static class FillMaskCell
{
    public static void Run(MLContext ml)
    {
        #region Fill-mask
        // A Perceiver reads the bytes of a text, so each `[MASK]` stands for one byte. The stage gives the best fillings of all masks of a
        // text together, ranked, with their joint log-probabilities.
        //
        // `perceiver-mini-language` has 3.3 million parameters and has read three novels and the short texts of four data sets: it fills
        // letters inside words well, whole words mostly by their grammar.
        var texts = ml.Data.LoadFromEnumerable(new[]
        {
            new { Text = "It was a dark and st[MASK]rmy ni[MASK][MASK]t." },
            new { Text = "He loo[MASK][MASK]d at his wat[MASK][MASK] and said that it was late." },
        });
        var checkpoint = PerceiverCheckpoint.Bundled(BundledModels.MiniLanguage);
        var fillMask = ml.Transforms.PerceiverFillMask(checkpoint, topK: 3, decoding: PerceiverFillMaskDecoding.LeftToRight).Fit(texts);
        var filled = fillMask.Transform(texts);
        var fillings = filled.GetColumn<string>("Text")
            .Zip(filled.GetColumn<string[]>("Fillings"), filled.GetColumn<float[]>("LogProbabilities"))
            .SelectMany(row => row.Second.Zip(row.Third, (text, p) => (Masked: row.First, Text: text, Probability: Math.Exp(p))))
            .ToArray();
        foreach (var (_, text, p) in fillings)
            Console.WriteLine($"{p,7:P1}  {text}");
        Show("fill-mask", Pictures.Bars(fillings));
        #endregion
    }
}
