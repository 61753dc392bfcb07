namespace Microsoft.ML.Perceiver;

/// <summary>An image at the size that the model reads, with the objects in it.</summary>
/// <param name="Image">The image; its own target is not read.</param>
/// <param name="Target">The objects.</param>
public sealed record PerceiverDetectionExample(PerceiverImageExample Image, PerceiverDetectionTarget Target) : IPerceiverRow
{
    void IPerceiverRow.AddLabelTo(PerceiverFingerprint fingerprint)
    {
        fingerprint.Add<int>(Target.Indices);
        fingerprint.Add<float>(Target.Values);
    }

    void IPerceiverRow.AddContentTo(PerceiverFingerprint fingerprint) => ((IPerceiverRow)Image).AddContentTo(fingerprint);
}
