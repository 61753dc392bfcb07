namespace Microsoft.ML.Perceiver;

/// <summary>What <c>Fit</c> found out, which a model file has beside the settings.</summary>
internal interface IFound
{
    /// <summary>Checks what a file says.</summary>
    /// <param name="config">The configuration in the same file.</param>
    /// <exception cref="FormatException">Something is missing or out of its range, or does not go with the configuration.</exception>
    void Check(PerceiverConfig config);
}
