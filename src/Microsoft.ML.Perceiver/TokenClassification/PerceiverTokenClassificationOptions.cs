using System.ComponentModel.DataAnnotations;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of token classification. The text is a vector of words, or a text that white space parts into words. The label is a vector of
/// keys: one for each word, or, with <see cref="LabelSpansColumnName"/>, one for each labelled span.
/// </summary>
public sealed class PerceiverTokenClassificationOptions : PerceiverTextOptions, IAttentionOptions
{
    /// <summary>
    /// The column with the spans that the labels are for, a vector of Int32: the first character of the text and the number of characters,
    /// span by span. Words outside of them are learnt as <c>O</c>. Null, the default, where there is a label for each word.
    /// </summary>
    [ForTraining]
    [MinLength(1)]
    public string? LabelSpansColumnName { get; set; }

    /// <summary>The column for the label of each word, a vector of keys. The default is "PredictedLabel".</summary>
    [Required]
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>The column for the probability of each word's label, a vector of Single. The default is "Score".</summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column for the spans, as <see cref="LabelSpansColumnName"/> has them. The default is "Spans".</summary>
    [Required]
    public string SpansColumnName { get; set; } = "Spans";

    /// <summary>The column for the label of each span, a vector of text. The default is "SpanLabels".</summary>
    [Required]
    public string SpanLabelsColumnName { get; set; } = "SpanLabels";

    /// <summary>
    /// The column that what the words' labels look at is written to: a vector of Single; for each word, one after the other, the weights
    /// of [CLS], of each UTF-16 unit of the text, and of [SEP], which add up to 1, or are 0 for words behind the longest text. The text
    /// of words in a vector has a space between them. Null, the default, computes none; the other columns are the same either way. See
    /// docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    internal override IReadOnlyList<InputColumn> Inputs =>
        [new(TextColumnName, new(TextDataViewType.Instance), new(TextDataViewType.Instance, IsVector: true))];

    private protected override void CheckTogether() => RequireLabel();

    internal override IReadOnlyList<string> Heads =>
        Training is null ? [nameof(PerceiverForTokenClassification)] : HeadNames.Texts;

    internal override string HeadRemedy => Training is null ? " Set Training to start a new head from its weights." : "";
}
