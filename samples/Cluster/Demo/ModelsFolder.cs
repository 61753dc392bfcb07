namespace Cluster.Demo;

/// <summary>A folder of models, deleted at the end where the user named none.</summary>
internal sealed class ModelsFolder : IDisposable
{
    private readonly bool _isTemporary;

    /// <summary>Writes the models that are missing.</summary>
    /// <param name="path">The folder; null for a temporary one.</param>
    public ModelsFolder(string? path)
    {
        _isTemporary = path is null;
        Path = path is null ? Directory.CreateTempSubdirectory("perceiver-cluster-").FullName : System.IO.Path.GetFullPath(path);
        DemoModels.Write(Path);
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Deletes a temporary folder.</summary>
    public void Dispose()
    {
        if (_isTemporary)
            Directory.Delete(Path, recursive: true);
    }
}
