namespace Microsoft.ML.Perceiver;

/// <summary>
/// A lock that processes share: the open file is locked as <c>flock</c> does, which is what Python's <c>huggingface_hub</c> asks of the same file.
/// It ends with the process, however that ends.
/// </summary>
internal sealed class HubLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private HubLock(FileStream file) => _file = file;

    /// <summary>Waits for the lock.</summary>
    internal static async Task<HubLock> AcquireAsync(string path, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new HubLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException e) when (e.GetType() == typeof(IOException))
            {
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public void Dispose() => _file.Dispose();
}
