using BatchScore.Planning;

namespace BatchScore.Running;

/// <summary>
/// A lock that the operating system takes from a process when it ends, however it ends. The file itself says nothing, and stays.
/// </summary>
internal sealed class FileLock : IDisposable
{
    // EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] s_taken = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream _stream;

    private FileLock(FileStream stream) => _stream = stream;

    /// <summary>Takes a lock.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The lock; null where another process has it.</returns>
    public static FileLock? TryTake(string path)
    {
        try
        {
            return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (IOException e) when (s_taken.Contains(e.HResult))
        {
            return null;
        }
    }

    /// <summary>Throws where locks do not keep others out.</summary>
    /// <param name="folder">The folder of the locks.</param>
    /// <exception cref="NotSupportedException">The file system, or a setting of .NET, has no locks.</exception>
    public static void CheckWorks(string folder)
    {
        string path = Path.Combine(folder, $"{OutFolder.OwnName()}.probe");
        try
        {
            using var first = TryTake(path);
            using var second = TryTake(path);
            if (second is not null)
                throw new NotSupportedException($"The file system of '{folder}' has no file locks; take an --out on one that has.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
