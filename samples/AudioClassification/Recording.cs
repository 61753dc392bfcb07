namespace AudioClassification;

/// <summary>A row with the samples of a recording, or with their frames.</summary>
internal sealed class Recording
{
    /// <summary>What it is to be told by.</summary>
    public string Label { get; set; } = "";

    /// <summary>The samples, from -1 to 1.</summary>
    public float[] Samples { get; set; } = [];

    /// <summary>The log-mel frames, one after the other.</summary>
    public float[] Features { get; set; } = [];
}
