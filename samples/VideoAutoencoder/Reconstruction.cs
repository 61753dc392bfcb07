namespace VideoAutoencoder;

/// <summary>What the model makes of a row.</summary>
internal sealed class Reconstruction
{
    public int Start { get; set; }

    public byte[] Frames { get; set; } = [];

    public float[] Audio { get; set; } = [];

    public float[] ReconstructedFrames { get; set; } = [];

    public float[] ReconstructedAudio { get; set; } = [];

    public string Shot { get; set; } = "";

    public string PredictedShot { get; set; } = "";
}
