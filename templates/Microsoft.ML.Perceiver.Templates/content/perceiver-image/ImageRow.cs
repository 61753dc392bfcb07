namespace PerceiverImage._1;

/// <summary>A row of the data: a label and the path of an image.</summary>
public sealed class ImageRow
{
    public string Label { get; set; } = "";

    public string Path { get; set; } = "";
}
