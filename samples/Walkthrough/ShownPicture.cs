namespace Walkthrough;

/// <summary>An image that a cell showed.</summary>
/// <param name="Name">Its file's name, without extension.</param>
/// <param name="Png">The file.</param>
internal sealed record ShownPicture(string Name, byte[] Png);
