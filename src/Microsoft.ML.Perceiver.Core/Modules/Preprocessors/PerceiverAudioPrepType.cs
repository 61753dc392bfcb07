namespace Microsoft.ML.Perceiver;

/// <summary>How audio becomes vectors (the reference's <c>prep_type</c>, which knows one way).</summary>
public enum PerceiverAudioPrepType
{
    /// <summary>Patches of consecutive samples.</summary>
    Patches,
}
