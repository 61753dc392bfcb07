using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>A folder with the packages of this build, and a fresh project outside the repository that takes them from there.</summary>
internal sealed class PackageFeed : IDisposable
{
    private static readonly string[] s_projects =
        ["Microsoft.ML.Perceiver.Core", "Microsoft.ML.Perceiver", "Microsoft.ML.Perceiver.Models"];
    private readonly TemporaryFolder _folder = new();

    public PackageFeed()
    {
        Directory.CreateDirectory(Feed);
        // As they are built: compiling again would change the files that this very process has loaded.
        foreach (string project in s_projects)
        {
            string path = Path.Combine("src", project);
            Run(Setting("RepositoryFolder"), "pack", path, "-c", Setting("Configuration"), "--no-build", "-o", Feed);
        }
    }

    public string Feed => _folder["feed"];

    public static string Version => Setting("PackageVersion");

    public static string TorchSharpVersion => Setting("TorchSharpVersion");

    /// <summary>A package's file.</summary>
    public string FileOf(string package, string extension = "nupkg") => Path.Combine(Feed, $"{package}.{Version}.{extension}");

    /// <summary>Builds a program of one file and runs it.</summary>
    /// <param name="source">The file.</param>
    /// <param name="items">Further items of its project.</param>
    /// <returns>What it writes.</returns>
    public string BuildAndRun(string source, string items = "")
    {
        string output = Build(source, hasLibTorch: true, items: items);
        Assert.DoesNotContain("PERCEIVER001", output);
        return Run(_folder["program"], Path.Combine(_folder["out"], "program.dll"));
    }

    /// <summary>Builds a program of one file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="hasLibTorch">Whether it references a libtorch.</param>
    /// <param name="properties">Further properties of its project.</param>
    /// <param name="items">Further items.</param>
    /// <returns>What the build writes.</returns>
    public string Build(string source, bool hasLibTorch, string properties = "", string items = "")
    {
        string program = _folder["program"];
        string reference = $"""<PackageReference Include="TorchSharp-cpu" Version="{Setting("TorchSharpVersion")}" />""";
        Directory.CreateDirectory(program);
        File.WriteAllText(Path.Combine(program, "Program.cs"), source);
        File.WriteAllText(Path.Combine(program, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{Feed}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{_folder["packages"]}</RestorePackagesPath>
                <RestoreFallbackFolders>{OtherPackages()}</RestoreFallbackFolders>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <SelfContained>false</SelfContained>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML.Perceiver" Version="{Version}" />
                <PackageReference Include="Microsoft.ML.Perceiver.Models" Version="{Version}" />
                {(hasLibTorch ? reference : "")}
                {items}
              </ItemGroup>
            </Project>
            """);
        return Run(program, "build", "-c", "Release", "-o", _folder["out"], "-m:1", "-nodeReuse:false");
    }

    /// <summary>What the machine has unpacked already, but none of this repository's packages, which may be of an older build.</summary>
    public string OtherPackages()
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } named
            ? named
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string others = _folder["others"];
        Directory.CreateDirectory(others);
        foreach (string package in Directory.Exists(cache) ? Directory.GetDirectories(cache) : [])
        {
            string name = Path.GetFileName(package);
            if (!s_projects.Contains(name, StringComparer.OrdinalIgnoreCase) && !Directory.Exists(Path.Combine(others, name)))
                Directory.CreateSymbolicLink(Path.Combine(others, name), package);
        }

        return others;
    }

    private static string Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        // What a test run tells its own builds is not for this one.
        foreach (string name in start.Environment.Keys.Where(k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"dotnet {string.Join(' ', arguments)}{Environment.NewLine}{output}{error.Result}");
        return output;
    }

    private static string Setting(string name) =>
        typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == name).Value!;

    public void Dispose() => _folder.Dispose();
}
