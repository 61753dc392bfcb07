using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of question answering. The text is the context, of any length; the label is the right answer, a part of the context. The
/// columns have the names of ML.NET's <c>QuestionAnswer</c> trainer.
/// </summary>
public sealed class PerceiverQuestionAnsweringOptions : PerceiverTextOptions, IAttentionOptions
{
    /// <summary>Makes settings with the default columns: <c>Context</c> for the text and <c>TrainingAnswer</c> for the label.</summary>
    public PerceiverQuestionAnsweringOptions() => (TextColumnName, LabelColumnName) = ("Context", "TrainingAnswer");

    /// <summary>The column with the question. The default is "Question".</summary>
    [Required]
    public string QuestionColumnName { get; set; } = "Question";

    /// <summary>
    /// The column that training reads the answer's first character of the context from, counted from 0, Int32. The default is
    /// "AnswerIndex".
    /// </summary>
    [NotSaved]
    [Required]
    public string AnswerIndexColumnName { get; set; } = "AnswerIndex";

    /// <summary>The column for the answers, a vector of text. The default is "PredictedAnswer".</summary>
    [Required]
    public string PredictedAnswerColumnName { get; set; } = "PredictedAnswer";

    /// <summary>The column for the answers' probabilities, a vector of Single. The default is "Score".</summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>How many answers a row gets, the likeliest first. The default is 3.</summary>
    [Range(1, 1_000)]
    public int TopK { get; set; } = 3;

    /// <summary>The most bytes of an answer. The default is 128.</summary>
    [Range(1, int.MaxValue)]
    public int MaxAnswerLength { get; set; } = 128;

    /// <summary>
    /// Bytes that a part of a long context has of the part before it, so that an answer at the border is whole in one of them; at most half
    /// of a part is. The default is 128.
    /// </summary>
    [Range(0, int.MaxValue)]
    public int ContextOverlap { get; set; } = 128;

    /// <summary>
    /// The column that what the best answer looks at is written to: a vector of Single with the weights of [CLS], of each UTF-16 unit of
    /// the question, of [SEP], of each unit of the context, and of [SEP], the mean of the answer's first and last byte. They add up to 1;
    /// a part of a long context that the answer is not in has 0. Null, the default, computes none; the other columns are the same either
    /// way. See docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    private protected override string? SecondColumn => QuestionColumnName;

    private protected override void CheckTogether()
    {
        RequireLabel();
        if (MaxLength < PerceiverAnswerExample.LeastTokens)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxLength), MaxLength, $"A question and its context need {PerceiverAnswerExample.LeastTokens} tokens at least.");
        }
    }

    internal override IReadOnlyList<string> Heads =>
        Training is null ? [nameof(PerceiverForQuestionAnswering)] : HeadNames.Texts;

    internal override string HeadRemedy => Training is null ? " Set Training to start a new head from its weights." : "";
}
