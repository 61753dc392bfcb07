using System.Reflection;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>A folder with the packages of this build, made once for all tests, and the machine's other packages without ours.</summary>
[TestClass]
public static class PackageFeed
{
    /// <summary>The package of templates.</summary>
    internal const string Templates = "Microsoft.ML.Perceiver.Templates";

    private static readonly Lazy<TemporaryFolder> s_folder = new(Pack);

    /// <summary>The settings of this test's project.</summary>
    internal static string Setting(string name) =>
        typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;

    /// <summary>
    /// The projects of src that are packed: all but AutoML's, whose dependency Microsoft.ML.AutoML is not to be had everywhere.
    /// </summary>
    internal static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory.GetDirectories(Path.Combine(Setting("RepositoryFolder"), "src"))
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name != "Microsoft.ML.Perceiver.AutoML")
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The packages' version.</summary>
    internal static string Version => Setting("PackageVersion");

    internal static string TorchSharpVersion => Setting("TorchSharpVersion");

    /// <summary>The folder of the packages.</summary>
    internal static string Folder => s_folder.Value["feed"];

    /// <summary>What the machine has unpacked already, but none of this repository's packages, which may be of an older build.</summary>
    internal static string OtherPackages => s_folder.Value["others"];

    /// <summary>A package's file.</summary>
    internal static string FileOf(string package, string extension = "nupkg") => Path.Combine(Folder, $"{package}.{Version}.{extension}");

    [AssemblyCleanup]
    public static void Clean()
    {
        if (s_folder.IsValueCreated)
            s_folder.Value.Dispose();
    }

    private static TemporaryFolder Pack()
    {
        var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["feed"]);
        string repository = Setting("RepositoryFolder"), configuration = Setting("Configuration");
        foreach (string project in Projects)
        {
            string path = Path.Combine("src", project);
            // The assemblies for .NET 10 are packed as they are: compiling again would change files that this very process has loaded.
            DotNetCommand.Run(repository, "build", path, "-c", configuration, "-f", "net8.0", "-nodeReuse:false");
            DotNetCommand.Run(repository, "pack", path, "-c", configuration, "--no-build", "-o", folder["feed"]);
        }

        DotNetCommand.Run(repository, "pack", Path.Combine("templates", Templates), "-c", configuration, "-o", folder["feed"]);
        LinkOtherPackages(folder["others"]);
        return folder;
    }

    private static void LinkOtherPackages(string others)
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Directory.CreateDirectory(others);
        foreach (string package in Directory.Exists(cache) ? Directory.GetDirectories(cache) : [])
        {
            string name = Path.GetFileName(package);
            if (!Projects.Contains(name, StringComparer.OrdinalIgnoreCase))
                Directory.CreateSymbolicLink(Path.Combine(others, name), package);
        }
    }
}
