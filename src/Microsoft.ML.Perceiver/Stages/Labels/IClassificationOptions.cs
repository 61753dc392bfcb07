namespace Microsoft.ML.Perceiver;

/// <summary>What the options of every classification have.</summary>
internal interface IClassificationOptions
{
    IReadOnlyList<InputColumn> Inputs { get; }

    PerceiverCheckpoint? Checkpoint { get; }

    string LabelColumnName { get; }

    string ScoreColumnName { get; }

    string PredictedLabelColumnName { get; }

    /// <summary>The columns of the most probable labels; null for none.</summary>
    TopColumns? Top { get; }

    PerceiverTrainingOptions? Training { get; }

    IDataView? ValidationSet { get; }
}
