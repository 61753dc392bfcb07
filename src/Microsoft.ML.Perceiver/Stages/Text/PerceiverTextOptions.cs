namespace Microsoft.ML.Perceiver;

/// <summary>What the heads that read text can be told.</summary>
public abstract class PerceiverTextOptions : PerceiverOptions
{
    /// <summary>The column with the text. The default is "Text".</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The weights to start from. The default is none: random weights where training is asked for, else an error.</summary>
    public PerceiverCheckpoint? Checkpoint { get; set; }

    /// <summary>The longest text in tokens (bytes, and the special tokens), 4 at least; null, the default, for what the model takes.</summary>
    public int? MaxLength { get; set; }

    /// <summary>What happens to a longer text. The default is <see cref="PerceiverLongTextHandling.Truncate"/>; for fill-mask, <see cref="PerceiverLongTextHandling.Refuse"/>.</summary>
    public PerceiverLongTextHandling LongText { get; set; }

    internal override void Validate()
    {
        base.Validate();
        RequireName(TextColumnName, nameof(TextColumnName));
        if (MaxLength < 4)
            throw new ArgumentOutOfRangeException(nameof(MaxLength), MaxLength, "MaxLength must be 4 at least, or null.");
        if (!Enum.IsDefined(LongText))
            throw new ArgumentOutOfRangeException(nameof(LongText), LongText, "This is no way of handling long texts.");
    }

    /// <summary>The longest text of this stage with a model.</summary>
    internal int LengthLimit(PerceiverConfig config) =>
        MaxLength is { } length && length > config.MaxPositionEmbeddings
            ? throw new ArgumentOutOfRangeException(nameof(MaxLength), length, $"The model takes at most {config.MaxPositionEmbeddings} tokens (max_position_embeddings).")
            : MaxLength ?? config.MaxPositionEmbeddings;

    private protected InputColumn TextInput => InputColumn.Text(TextColumnName);
}
