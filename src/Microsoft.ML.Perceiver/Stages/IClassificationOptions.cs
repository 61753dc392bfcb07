namespace Microsoft.ML.Perceiver;

/// <summary>What the options of every classification have.</summary>
internal interface IClassificationOptions
{
    IReadOnlyList<InputColumn> Inputs { get; }

    PerceiverCheckpoint? Checkpoint { get; }

    string LabelColumnName { get; }

    string ScoreColumnName { get; }

    string PredictedLabelColumnName { get; }

    PerceiverTrainingOptions? Training { get; }

    IDataView? ValidationSet { get; }
}
