namespace Microsoft.ML.Perceiver.Tests;

/// <summary>The folder of expected results: the repository's copy, or the one that PERCEIVER_GOLDEN_DIR names.</summary>
internal static class GoldenFolder
{
    internal static string Root { get; } = Find();

    internal static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("PERCEIVER_GOLDEN_DIR") is { Length: > 0 } named)
            return Directory.Exists(named) ? named : throw new DirectoryNotFoundException($"PERCEIVER_GOLDEN_DIR names '{named}', which is not there.");
        return Path.Combine(AppContext.BaseDirectory, "golden");
    }
}
