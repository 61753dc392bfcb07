using System.ComponentModel.DataAnnotations;
using Microsoft.ML.Data;

namespace Microsoft.ML.Perceiver;

/// <summary>
/// Settings of classification and regression of arrays: series, grids, films, and tables. A label is a key for classes, a Boolean for
/// two classes, a number for regression, a vector of numbers or Booleans for several labels.
/// </summary>
public sealed class PerceiverArrayClassificationOptions : PerceiverOptions, IClassificationOptions, IAttentionOptions
{
    /// <summary>
    /// The columns that are read. One vector column is a series, a grid or a film by its dimensions: one, two or three. Several columns, or
    /// columns of single numbers, are a table: each number is an input of its own. The default is "Features" alone.
    /// </summary>
    [Required]
    [MinLength(1)]
    public IReadOnlyList<string> FeatureColumnNames { get; set; } = ["Features"];

    /// <summary>
    /// Numbers of each element. A vector of one dimension then has the channels of the first element, those of the second, and so on; of
    /// several dimensions the last is that of the channels. Null, the default, for 1, or for the checkpoint's. For training.
    /// </summary>
    [ForTraining]
    [Range(1, 65_536)]
    public int? Channels { get; set; }

    /// <summary>
    /// The longest series of a column of vectors of variable size, in elements; a longer one is an error that names its row. Null, the
    /// default, for the longest of the training and validation rows, or the checkpoint's. For training.
    /// </summary>
    [ForTraining]
    [Range(1, 1_048_576)]
    public int? MaxLength { get; set; }

    /// <summary>
    /// How many elements of each axis make one input of the model, for long series and large grids: a number for each axis, which divides
    /// it. Null, the default, for one, or for the checkpoint's. For training.
    /// </summary>
    [ForTraining]
    public IReadOnlyList<int>? Patch { get; set; }

    /// <summary>
    /// How the model knows where a number stands; null, the default, for trainable positions of a table, Fourier positions of one vector
    /// column, or the checkpoint's. <see cref="PerceiverArrayPositions.Trainable"/> makes a table of one vector column. For training.
    /// </summary>
    [ForTraining]
    public PerceiverArrayPositions? Positions { get; set; }

    /// <summary>
    /// How many bins the range of each number of a table is cut into, each with as many of the training rows: what the model reads of a
    /// number changes from bin to bin, as with trees. 0 for numbers as they are; null, the default, for 16, or for the checkpoint's. For
    /// training.
    /// </summary>
    [ForTraining]
    [Range(0, 256)]
    public int? Bins { get; set; }

    /// <summary>
    /// The column that the probabilities, the numbers of a regression, or the logarithm of the odds of true are written to. The default is
    /// "Score".
    /// </summary>
    [Required]
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>The column that the probability of true is written to where labels are Booleans. The default is "Probability".</summary>
    [Required]
    public string ProbabilityColumnName { get; set; } = "Probability";

    /// <summary>The column that the label is written to; there is none for a regression. The default is "PredictedLabel".</summary>
    [Required]
    public string PredictedLabelColumnName { get; set; } = "PredictedLabel";

    /// <summary>
    /// How many of the most probable labels are written with their names, the best first; null, the default, writes none. For single labels
    /// of more than two classes only.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? TopK { get; set; }

    /// <summary>The column that the names of the <see cref="TopK"/> labels are written to. The default is "TopLabels".</summary>
    [Required]
    public string TopLabelsColumnName { get; set; } = "TopLabels";

    /// <summary>The column that the probabilities of the <see cref="TopK"/> labels are written to. The default is "TopScores".</summary>
    [Required]
    public string TopScoresColumnName { get; set; } = "TopScores";

    /// <summary>
    /// The column that what the scores look at is written to: a vector of Single with the weight of each input of the model, in the order
    /// of the array: each number of a table, each element of a series, a grid or a film, or each patch of them. They add up to 1. Null,
    /// the default, computes none; the other columns are the same either way. See docs/attention.md.
    /// </summary>
    [MinLength(1)]
    public string? AttentionColumnName { get; set; }

    /// <summary>
    /// Which attentions <see cref="AttentionColumnName"/> follows. The default is <see cref="PerceiverAttentionKind.Rollout"/>.
    /// </summary>
    public PerceiverAttentionKind AttentionKind { get; set; }

    internal override IReadOnlyList<InputColumn> Inputs => [.. FeatureColumnNames.Select(name => new InputColumn(
        name, new InputType(NumberDataViewType.Single, IsVector: true), new InputType(NumberDataViewType.Single)))];

    internal override IReadOnlyList<string> Heads => [HeadNames.Array];

    private protected override void CheckTogether()
    {
        base.CheckTogether();
        RequireLabel();
        if (FeatureColumnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException($"{nameof(FeatureColumnNames)} has an empty name.", nameof(FeatureColumnNames));
        if (FeatureColumnNames.Distinct(StringComparer.Ordinal).Count() < FeatureColumnNames.Count)
            throw new ArgumentException($"{nameof(FeatureColumnNames)} has a name twice.", nameof(FeatureColumnNames));
    }

    private protected override void CheckStart()
    {
        if (Checkpoint?.Config.Array is not { } array)
            return;
        if (array.Output != PerceiverArraySettings.PooledOutput || array.HasCoordinates)
        {
            throw new ArgumentException(
                $"The checkpoint reads {array.Positions} positions and has {array.Output} output; a stage has one answer for each row, and "
                + "reads arrays.",
                nameof(Checkpoint));
        }

        string? set = Channels is not null ? nameof(Channels) : MaxLength is not null ? nameof(MaxLength)
            : Patch is not null ? nameof(Patch) : Positions is not null ? nameof(Positions) : Bins is not null ? nameof(Bins) : null;
        if (Training is not null && set is not null)
            throw new ArgumentException($"{set} is for a new model; the checkpoint's array has its own.", set);
    }
}
