namespace Walkthrough;

/// <summary>What a cell gave.</summary>
/// <param name="Text">What it wrote.</param>
/// <param name="Pictures">What it showed.</param>
/// <param name="Failed">Whether the text is an error.</param>
internal sealed record CellOutput(string Text, IReadOnlyList<ShownPicture> Pictures, bool Failed = false);
