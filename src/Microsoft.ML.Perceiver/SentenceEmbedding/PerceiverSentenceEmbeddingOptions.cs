using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of sentence embedding. With training, the label is the vector that another encoder, the teacher, gave for the text: a vector of
/// Single of known size. Only its direction counts.
/// </summary>
public sealed class PerceiverSentenceEmbeddingOptions : PerceiverTextOptions
{
    /// <summary>The column that the vector is written to. The default is "Embedding".</summary>
    [Required]
    public string OutputColumnName { get; set; } = "Embedding";

    /// <summary>The losses of training and how texts are varied; null, the default, for the cosine alone and texts as they are.</summary>
    [ForTraining]
    public PerceiverDistillationOptions? Distillation { get; set; }

    /// <summary>What a vector is projected from after training; null, the default, for what the checkpoint says.</summary>
    [ForTraining]
    public PerceiverSentencePooling? Pooling { get; set; }

    private protected override void CheckTogether() => RequireLabel();

    internal override IReadOnlyList<string> Heads =>
        Training is null ? [nameof(PerceiverForSentenceEmbedding)] : HeadNames.Texts;

    internal override string HeadRemedy => Training is null ? " Set Training to start a new head from its weights." : "";
}
