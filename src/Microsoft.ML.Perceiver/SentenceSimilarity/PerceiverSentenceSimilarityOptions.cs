using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of sentence similarity, with the columns of ML.NET's own <c>SentenceSimilarity</c>. The label is a Single: how alike the two
/// texts are, in any unit.
/// </summary>
public sealed class PerceiverSentenceSimilarityOptions : PerceiverTextOptions
{
    /// <summary>Makes the defaults: the first text is in the column "Sentence1".</summary>
    public PerceiverSentenceSimilarityOptions() => TextColumnName = "Sentence1";

    /// <summary>The column with the second text. The default is "Sentence2".</summary>
    [Required]
    public string SecondTextColumnName { get; set; } = "Sentence2";

    /// <summary>The column that the likeness is written to, in the labels' unit. The default is "Score".</summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    private protected override string? SecondColumn => SecondTextColumnName;

    private protected override void CheckTogether() => RequireLabel();

    internal override IReadOnlyList<string> Heads => HeadNames.Texts;
}
