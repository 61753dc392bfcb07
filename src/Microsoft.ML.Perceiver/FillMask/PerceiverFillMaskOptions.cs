using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>Settings of fill-mask.</summary>
public sealed class PerceiverFillMaskOptions : PerceiverTextOptions, IAttentionOptions
{
    /// <summary>Makes the default settings: a text that is too long is refused, as what is cut off may hold a mask.</summary>
    public PerceiverFillMaskOptions() => LongText = PerceiverLongTextHandling.Refuse;

    /// <summary>The column that the text with the best filling is written to. The default is "FilledText".</summary>
    [Required]
    public string OutputColumnName { get; set; } = "FilledText";

    /// <summary>The column that the texts with the best fillings, ranked, are written to. The default is "Fillings".</summary>
    [Required]
    public string FillingsColumnName { get; set; } = "Fillings";

    /// <summary>The column for the fillings' joint log-probabilities, in nats. The default is "LogProbabilities".</summary>
    [Required]
    public string LogProbabilitiesColumnName { get; set; } = "LogProbabilities";

    // One mask has 128 fillings that are text, so a hundred can always be given.

    /// <summary>How many fillings are wanted, from 1 to 100. The default is 5.</summary>
    [Range(1, 100)]
    public int TopK { get; set; } = 5;

    /// <summary>How several masks of a text are filled together. The default is <see cref="PerceiverFillMaskDecoding.OneShot"/>.</summary>
    public PerceiverFillMaskDecoding Decoding { get; set; } = PerceiverFillMaskDecoding.OneShot;

    /// <summary>
    /// Hypotheses that <see cref="PerceiverFillMaskDecoding.LeftToRight"/> keeps, but not fewer than TopK. The default is 8.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int BeamWidth { get; set; } = 8;

    /// <summary>What training masks. The default is 15% of the bytes, chosen anew each time.</summary>
    [ForTraining]
    [Required]
    public PerceiverMaskedLanguageOptions Masking { get; set; } = new();

    /// <summary>
    /// Text files in UTF-8 to train on beside the data's rows. They are read piece by piece in windows of
    /// <see cref="PerceiverTextOptions.MaxLength"/> tokens, so they may be of any size. Validation texts are not taken from them. The
    /// default is none.
    /// </summary>
    [ForTraining]
    [Required]
    public IReadOnlyList<string> TrainingFiles { get; set; } = [];

    private protected override void CheckTogether() => Masking.Validate();

    /// <summary>
    /// The column that what the masks look at is written to: a vector of Single; for each mask, one after the other, the weights of
    /// [CLS], of each UTF-16 unit of the text, and of [SEP], which add up to 1. Null, the default, computes none; the other columns are
    /// the same either way. See docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    internal override bool LearnsFromLabels => false;

    internal override IReadOnlyList<string> Heads => [nameof(PerceiverForMaskedLM)];
}
