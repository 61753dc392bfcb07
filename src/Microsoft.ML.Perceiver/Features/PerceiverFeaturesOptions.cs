namespace Microsoft.ML.Perceiver;

/// <summary>Settings of features.</summary>
public sealed class PerceiverFeaturesOptions : PerceiverTextOptions
{
    /// <summary>The column that the features are written to.</summary>
    public string OutputColumnName { get; set; } = "Features";

    /// <summary>What is taken of a text.</summary>
    public PerceiverFeaturesKind Kind { get; set; } = PerceiverFeaturesKind.MeanLatent;

    internal override void Validate()
    {
        base.Validate();
        RequireName(OutputColumnName, nameof(OutputColumnName));
        if (!Enum.IsDefined(Kind))
            throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There are no such features.");
        if (Checkpoint is null)
            throw new ArgumentException("Features need a checkpoint.", nameof(Checkpoint));
    }

    /// <summary>The columns with texts.</summary>
    internal IReadOnlyList<InputColumn> Inputs => [TextInput];
}
