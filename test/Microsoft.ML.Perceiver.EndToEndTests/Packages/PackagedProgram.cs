namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>A fresh project outside the repository that takes the packages from <see cref="PackageFeed"/>.</summary>
internal sealed class PackagedProgram : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Builds a program of one file and runs it.</summary>
    /// <param name="source">The file.</param>
    /// <param name="items">Further items of its project.</param>
    /// <returns>What it writes.</returns>
    internal string BuildAndRun(string source, string items = "")
    {
        string output = Build(source, hasLibTorch: true, items: items);
        Assert.DoesNotContain("PERCEIVER001", output);
        return DotNetCommand.Run(_folder["program"], Path.Combine(_folder["out"], "program.dll"));
    }

    /// <summary>Builds a program of one file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="hasLibTorch">Whether it references a libtorch.</param>
    /// <param name="properties">Further properties of its project.</param>
    /// <param name="items">Further items.</param>
    /// <returns>What the build writes.</returns>
    internal string Build(string source, bool hasLibTorch, string properties = "", string items = "")
    {
        string program = _folder["program"];
        string torch = PackageFeed.Setting("TorchSharpVersion");
        string reference = $"""<PackageReference Include="TorchSharp-cpu" Version="{torch}" />""";
        Directory.CreateDirectory(program);
        File.WriteAllText(Path.Combine(program, "Program.cs"), source);
        File.WriteAllText(Path.Combine(program, "program.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestoreAdditionalProjectSources>{PackageFeed.Folder}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{_folder["packages"]}</RestorePackagesPath>
                <RestoreFallbackFolders>{PackageFeed.OtherPackages}</RestoreFallbackFolders>
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
                <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
                <SelfContained>false</SelfContained>
                {properties}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Microsoft.ML.Perceiver" Version="{PackageFeed.Version}" />
                {(hasLibTorch ? reference : "")}
                {items}
              </ItemGroup>
            </Project>
            """);
        return DotNetCommand.Run(program, "build", "-c", "Release", "-o", _folder["out"], "-m:1", "-nodeReuse:false");
    }

    /// <summary>An item of the project: one of this repository's packages.</summary>
    internal static string Reference(string package) => $"""<PackageReference Include="{package}" Version="{PackageFeed.Version}" />""";

    public void Dispose() => _folder.Dispose();
}
