namespace AudioClassification;

/// <summary>A recording.</summary>
/// <param name="Label">What it is to be told by: the language.</param>
/// <param name="Name">What is said in it, which has the same name in every language.</param>
/// <param name="Path">The file.</param>
internal sealed record Prompt(string Label, string Name, string Path);
