namespace Microsoft.ML.Perceiver.PerformanceTests;

/// <summary>A model of the size of the published language checkpoint, with random weights, as a folder.</summary>
internal static class PublishedSize
{
    internal static PerceiverConfig Language { get; } = new() { QueryKeyChannels = 256, ValueChannels = 1280 };

    private static readonly Lazy<string> LanguageFolder = new(() =>
    {
        var folder = new TemporaryFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        using var model = new PerceiverForMaskedLM(Language);
        model.SavePretrained(folder.Path);
        return folder.Path;
    });

    /// <summary>The folder, written at the first use and deleted when the process ends.</summary>
    internal static string Folder => LanguageFolder.Value;
}
