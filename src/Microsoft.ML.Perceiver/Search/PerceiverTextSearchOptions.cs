using Microsoft.ML.SearchSpace;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// What a search for a good text classifier varies: <c>new SearchSpace&lt;PerceiverTextSearchOptions&gt;()</c> of ML.NET's AutoML reads it
/// from the attributes.
/// </summary>
public sealed class PerceiverTextSearchOptions : PerceiverSearchOptions
{
    /// <summary>The column with the text. The default is "Text".</summary>
    public string TextColumnName { get; set; } = "Text";

    /// <summary>The column with a second text; null, the default, for none.</summary>
    public string? SecondTextColumnName { get; set; }

    /// <summary>The longest text in tokens, 4 at least; null, the default, for what the model takes. Longer ones are cut.</summary>
    public int? MaxLength { get; set; }

    /// <summary>The share of the bytes that is masked at random in each training text. From 0 to 0.3; the default is 0.1.</summary>
    [Range(0, 0.3, 0.1)]
    public double TokenDropout { get; set; } = 0.1;

    /// <summary>The trainer's options that these stand for; what else a trainer can be told is set there.</summary>
    /// <returns>New options; changing them does not change these.</returns>
    /// <exception cref="ArgumentException">A value is out of range: of the size, or of the attention's dropout.</exception>
    public PerceiverTextClassificationOptions ToTrainerOptions() => new()
    {
        LabelColumnName = LabelColumnName,
        TextColumnName = TextColumnName,
        SecondTextColumnName = SecondTextColumnName,
        MaxLength = MaxLength,
        Checkpoint = ToCheckpoint(PerceiverPresets.Text),
        Training = ToTraining() with { TokenDropout = TokenDropout },
    };
}
