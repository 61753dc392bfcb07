using Walkthrough.Cells;

namespace Walkthrough;

/// <summary>The walk-through's cells in their order.</summary>
internal static class Tour
{
    public const string Title = "A walk through the five heads";

    public const string Introduction =
        "One model, five kinds of outputs: the Perceiver reads any input into a few latents, and each head decodes them with queries of "
        + "its own. All of this runs on a CPU with the small models of the package Microsoft.ML.Perceiver.Models.";

    /// <summary>The cells; each can be run without the ones before it, but for the tools.</summary>
    public static IReadOnlyList<Cell> Cells { get; } =
    [
        Cell.Of("Pictures.cs", _ => { }),
        Cell.Of("FillMaskCell.cs", FillMaskCell.Run),
        Cell.Of("TextCell.cs", TextCell.Run),
        Cell.Of("ImageCell.cs", ImageCell.Run),
        Cell.Of("FlowCell.cs", FlowCell.Run),
        Cell.Of("VideoCell.cs", VideoCell.Run),
    ];
}
