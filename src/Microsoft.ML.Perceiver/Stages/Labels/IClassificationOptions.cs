namespace Microsoft.ML.Perceiver;

/// <summary>The columns that classifiers write.</summary>
internal interface IClassificationOptions
{
    string ScoreColumnName { get; }

    string PredictedLabelColumnName { get; }

    /// <summary>The column of a binary classifier's probability of true.</summary>
    string ProbabilityColumnName => "";

    /// <summary>How many of the most probable labels are written; null for none.</summary>
    int? TopK => null;

    string TopLabelsColumnName => "";

    string TopScoresColumnName => "";
}
