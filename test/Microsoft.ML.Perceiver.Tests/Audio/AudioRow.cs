namespace Microsoft.ML.Perceiver.Tests.Audio;

/// <summary>A row of the tests of audio.</summary>
internal sealed class AudioRow
{
    public int Id { get; set; }

    public string Path { get; set; } = "";

    public byte[] Content { get; set; } = [];

    public float[] Samples { get; set; } = [];

    public string Label { get; set; } = "";
}
