namespace Microsoft.ML.Perceiver;

/// <summary>How sound becomes vectors (the reference's <c>prep_type</c>, which knows one way).</summary>
public enum PerceiverAudioPrepType
{
    /// <summary>Stretches of samples, one after another.</summary>
    Patches,
}
