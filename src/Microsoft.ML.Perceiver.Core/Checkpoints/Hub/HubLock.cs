namespace Microsoft.ML.Perceiver;

/// <summary>
/// A lock that processes share: the open file is locked by <c>flock</c>, as Python's <c>huggingface_hub</c> locks the same file. It is
/// released when the process ends, also after a crash.
/// </summary>
internal sealed class HubLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock as long as another one holds it.</summary>
    /// <exception cref="IOException">The lock's file cannot be written for another reason, e.g. because the disk is read-only.</exception>
    /// <exception cref="UnauthorizedAccessException">The user may not write the lock's file.</exception>
    internal static async Task<HubLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new HubLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (IsHeld(e))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _file.Dispose();

    // .NET gives the system's number of the error: EWOULDBLOCK of Linux or macOS, a sharing or a lock violation of Windows.
    private static bool IsHeld(IOException e)
    {
        const int linux = 11, macOS = 35, sharingViolation = unchecked((int)0x80070020), lockViolation = unchecked((int)0x80070021);
        int macOrLinux = OperatingSystem.IsMacOS() ? macOS : linux;
        return OperatingSystem.IsWindows() ? e.HResult is sharingViolation or lockViolation : e.HResult == macOrLinux;
    }
}
