namespace Microsoft.ML.Perceiver;

/// <summary>One window of a video at the size that the model reads, with its audio.</summary>
public sealed class PerceiverVideoExample : IPerceiverRow
{
    /// <summary>Makes an example.</summary>
    /// <param name="frames">The pixels, frames x 3 x height x width, red before green and blue; not copied.</param>
    /// <param name="audio">The samples, as many as belong to the frames, about -1 to 1; not copied.</param>
    /// <param name="label">The index of the video's class; null where it is not known.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label is negative.</exception>
    public PerceiverVideoExample(byte[] frames, float[] audio, int? label = null)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(audio);
        if (label < 0)
            throw new ArgumentOutOfRangeException(nameof(label), label, "A class has an index of 0 and more.");
        (Frames, Audio, Label) = (frames, audio, label);
    }

    /// <summary>The index of the video's class; null where it is not known.</summary>
    public int? Label { get; }

    internal byte[] Frames { get; }

    internal float[] Audio { get; }

    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint) => fingerprint.Add(Label ?? -1L);

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add<byte>(Frames);
        fingerprint.Add<float>(Audio);
    }
}
