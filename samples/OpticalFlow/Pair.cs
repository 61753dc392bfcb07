namespace OpticalFlow;

/// <summary>The files of two frames.</summary>
internal sealed class Pair
{
    public string First { get; set; } = "";

    public string Second { get; set; } = "";
}
