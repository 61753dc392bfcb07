namespace VideoAutoencoder;

/// <summary>A stretch of a film as a row of data.</summary>
internal sealed class VideoRow
{
    /// <summary>Its first frame, counted from 0.</summary>
    public int Start { get; set; }

    /// <summary>frames x 3 x height x width.</summary>
    public byte[] Frames { get; set; } = [];

    public float[] Audio { get; set; } = [];

    /// <summary>Which shot of the film it is of.</summary>
    public string Shot { get; set; } = "";
}
