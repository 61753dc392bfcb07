namespace Microsoft.ML.Perceiver.EndToEndTests.Packages;

/// <summary>A folder of a user who has this build's packages: projects below it restore from <see cref="PackageFeed"/>.</summary>
internal sealed class UserFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal UserFolder() => File.WriteAllText(_folder["NuGet.config"], $"""
        <configuration>
          <config>
            <add key="globalPackagesFolder" value="{_folder["packages"]}" />
          </config>
          <packageSources>
            <add key="this build" value="{PackageFeed.Folder}" />
          </packageSources>
          <fallbackPackageFolders>
            <add key="others" value="{PackageFeed.OtherPackages}" />
          </fallbackPackageFolders>
        </configuration>
        """);

    /// <summary>The path of something in the folder.</summary>
    internal string this[string name] => _folder[name];

    public void Dispose() => _folder.Dispose();
}
