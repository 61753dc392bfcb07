using Microsoft.ML.Data;

namespace PerceiverText._1;

/// <summary>A row of the data: a label and a text.</summary>
public sealed class Message
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}
