namespace Microsoft.ML.Perceiver;

/// <summary>What a model file says of how its model runs before the model is read.</summary>
internal interface IStageSettings
{
    /// <summary>The precision that the model computes in.</summary>
    PerceiverPrecision Precision { get; }
}
