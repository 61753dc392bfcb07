namespace Microsoft.ML.Perceiver.Tests;

/// <summary>The folder of expected results: the repository's copy, or the one that PERCEIVER_GOLDEN_DIR names.</summary>
internal static class GoldenFolder
{
    internal static string Root { get; } = Find();

    internal static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A file of the repository's own copy, for tests that need a certain one.</summary>
    internal static string BundledPathOf(params string[] parts) => Path.Combine([Bundled, .. parts]);

    /// <summary>The rows of a data-driven test; one that says there is nothing to run where another golden folder has none.</summary>
    internal static IEnumerable<object[]> RowsOrNone(IEnumerable<object[]> rows) => rows.DefaultIfEmpty([None]);

    /// <summary>Ends a test whose row says that there is nothing to run.</summary>
    internal static void SkipIfNone(string row)
    {
        if (row == None)
            Assert.Inconclusive($"'{Root}' has none.");
    }

    private const string None = "none";

    private static string Bundled => Path.Combine(AppContext.BaseDirectory, "golden");

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("PERCEIVER_GOLDEN_DIR") is { Length: > 0 } named)
        {
            return Directory.Exists(named)
                ? named
                : throw new DirectoryNotFoundException($"PERCEIVER_GOLDEN_DIR names '{named}', which is not there.");
        }

        return Bundled;
    }
}
