namespace Microsoft.ML.Perceiver;

/// <summary>A labelled image at the size that the model reads, kept as bytes.</summary>
public sealed class PerceiverImageExample : IPerceiverRow
{
    internal PerceiverImageExample(byte[] pixels, int channels, int height, int width, float[] target)
    {
        Pixels = pixels;
        Channels = channels;
        Height = height;
        Width = width;
        Values = target;
    }

    /// <summary>The index of its class as one number; for a regression its numbers; for several labels 0 or 1 for each.</summary>
    public IReadOnlyList<float> Target => Values;

    /// <summary>The channels: 3, or 1 where the processor leaves grey images grey.</summary>
    public int Channels { get; }

    /// <summary>The height in pixels.</summary>
    public int Height { get; }

    /// <summary>The width in pixels.</summary>
    public int Width { get; }

    /// <summary>The same image with another target.</summary>
    internal PerceiverImageExample WithTarget(float[] target) => new(Pixels, Channels, Height, Width, target);

    /// <summary>channels x height x width.</summary>
    internal byte[] Pixels { get; }

    /// <summary>The numbers of <see cref="Target"/>.</summary>
    internal float[] Values { get; }

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint) => fingerprint.Add<float>(Values);

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint) => fingerprint.Add<byte>(Pixels);
}
