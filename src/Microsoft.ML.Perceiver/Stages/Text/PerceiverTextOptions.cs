using System.ComponentModel.DataAnnotations;

namespace Microsoft.ML.Perceiver;

/// <summary>What the heads that read text can be told.</summary>
public abstract class PerceiverTextOptions : PerceiverOptions
{
    private const int ShortestLimit = 4;

    /// <summary>The column with the text. The default is "Text".</summary>
    [Required]
    public string TextColumnName { get; set; } = "Text";

    /// <summary>
    /// The longest text in tokens (bytes and special tokens), 4 at least; null, the default, for what the checkpoint's tokenizer says
    /// (<c>model_max_length</c> of its <c>tokenizer_config.json</c>), or else for what the model takes.
    /// </summary>
    [Range(ShortestLimit, int.MaxValue)]
    public int? MaxLength { get; set; }

    /// <summary>
    /// What happens to a longer text. The default is <see cref="PerceiverLongTextHandling.Truncate"/>; for fill-mask,
    /// <see cref="PerceiverLongTextHandling.Refuse"/>.
    /// </summary>
    public PerceiverLongTextHandling LongText { get; set; }

    /// <summary>
    /// What happens to a text, or second text, that is empty or missing. The default is <see cref="PerceiverEmptyTextHandling.Score"/>:
    /// the model reads the special tokens alone, as the reference does; a text without words has no labels of words. Fill-mask refuses a
    /// text without a mask in any case. Training leaves such rows out where nothing could be learnt of them (fill-mask, words), and
    /// ML.NET's log says how many.
    /// </summary>
    public PerceiverEmptyTextHandling EmptyText { get; set; }

    /// <summary>The column with a second text; null for none.</summary>
    private protected virtual string? SecondColumn => null;

    internal override IReadOnlyList<InputColumn> Inputs =>
        SecondColumn is { } second ? [InputColumn.Text(TextColumnName), InputColumn.Text(second)] : [InputColumn.Text(TextColumnName)];

    /// <summary>The longest text of this stage with a model.</summary>
    internal int LengthLimit(PerceiverCheckpoint checkpoint)
    {
        int longest = checkpoint.Config.MaxPositionEmbeddings;
        if (MaxLength > longest)
        {
            throw new ArgumentOutOfRangeException(
                nameof(MaxLength), MaxLength, $"The model takes at most {longest} tokens (max_position_embeddings).");
        }

        // A shorter text than this has no room beside the special tokens.
        int? ofTokenizer = ModelInputs.Of(checkpoint).Tokenizer?.ModelMaxLength;
        return MaxLength ?? (ofTokenizer >= ShortestLimit ? Math.Min(ofTokenizer.Value, longest) : longest);
    }

    /// <summary>What reads the texts of a row.</summary>
    /// <param name="maxLength">The longest text in tokens.</param>
    internal TextReader CreateReader(int maxLength) => new(
        TextColumnName, SecondColumn, maxLength, LongText, EmptyText, this is IAttentionOptions { AttentionColumnName: not null });
}
