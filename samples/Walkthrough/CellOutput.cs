namespace Walkthrough;

/// <summary>What a cell gave.</summary>
/// <param name="Text">What it wrote.</param>
/// <param name="Pictures">What it showed.</param>
internal sealed record CellOutput(string Text, IReadOnlyList<ShownPicture> Pictures);
