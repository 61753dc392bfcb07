namespace Microsoft.ML.Perceiver;

/// <summary>
/// Several files of a folder that belong together: all of them are written beside their places before the first one is renamed, so that an
/// error while writing (a full disk) leaves the folder as it was.
/// </summary>
/// <param name="directory">The folder; it is made where it is missing.</param>
internal sealed class AtomicFileSet(string directory) : IDisposable
{
    private readonly string _directory = Path.GetFullPath(directory);
    private readonly List<(string Name, string Temporary)> _files = [];

    /// <summary>Writes a file that <see cref="Place"/> renames later.</summary>
    /// <param name="name">Its name in the folder.</param>
    /// <param name="write">Writes the content.</param>
    internal void Write(string name, Action<Stream> write) => _files.Add((name, AtomicFile.WriteTemporary(PathOf(name), write)));

    /// <summary>As <see cref="Write"/>, of a text in UTF-8.</summary>
    internal void WriteText(string name, string text) =>
        Write(name, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Puts all files into their places, in the order in which they were written.</summary>
    internal void Place()
    {
        while (_files is [var (name, temporary), ..])
        {
            File.Move(temporary, PathOf(name), overwrite: true);
            _files.RemoveAt(0);
        }
    }

    /// <summary>Deletes what was written and not put into its place.</summary>
    public void Dispose()
    {
        foreach (var (_, temporary) in _files)
            File.Delete(temporary);
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
