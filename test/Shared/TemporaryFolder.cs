namespace Microsoft.ML.Perceiver.Tests.Shared;

/// <summary>A new folder among the system's temporary ones, of mode 0700, that is deleted with its content when it is disposed.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private bool _isKept;

    /// <summary>The folder's full path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("perceiver-test-").FullName;

    /// <summary>The path of a file or folder in it, whether there is one or not.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Leaves the folder where it is, for what a failed test found to be looked at.</summary>
    public void Keep() => _isKept = true;

    public void Dispose()
    {
        if (!_isKept)
            Directory.Delete(Path, recursive: true);
    }
}
