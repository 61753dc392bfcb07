namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>The data that the repository has for its samples.</summary>
internal static class RepositoryData
{
    private static readonly Lazy<string> Root = new(() =>
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Microsoft.ML.Perceiver.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException(
            $"'{AppContext.BaseDirectory}' is in no clone of the repository, whose data this benchmark reads.");
    });

    /// <summary>A path below the repository's root.</summary>
    internal static string PathOf(params string[] parts) => Path.Combine([Root.Value, .. parts]);
}
